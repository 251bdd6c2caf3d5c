"""Every clock of domain.md §7 as dated data: what starts it, who acts, how long, on what ground, how sure we are.

A clock has as many versions as the law has had. `valid_to` is the last day of a version. The version that counts is the
one in force on the office day of the trigger: the decrees are silent, so this is a choice, made once, in rules.py.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pr_tracker.deadlines.rules_ladder import Ladder
from pr_tracker.deadlines.rules_terms import (
    NO_ALLOWANCE,
    Allowance,
    AnyTerm,
    AtOnce,
    BeforeDate,
    ByOutlet,
    CalendarDays,
    ClockHours,
    DayUnit,
    EveryMonth,
    HoursBefore,
    Months,
    NextIssue,
    OutletPace,
    SettingDays,
    WorkingDays,
)


class ClockKey(StrEnum):
    """The names of the clocks; stored for ever."""

    INTERNAL_REPLY = "internal_reply"
    INTERNAL_INPUT = "internal_input"
    INCIDENT_INITIAL_INFO = "incident_initial_info"
    DIVIDED_OPINION_INITIAL_INFO = "divided_opinion_initial_info"
    ANSWER_ON_PRESS = "answer_on_press"
    FORWARDED_OPINION_NOTICE = "forwarded_opinion_notice"
    COMPLAINT_ACCEPTANCE_NOTICE = "complaint_acceptance_notice"
    DENUNCIATION_ACCEPTANCE_NOTICE = "denunciation_acceptance_notice"
    COMPLAINT_CONCLUSION_NOTICE = "complaint_conclusion_notice"
    FOREIGN_INTERVIEW_LEADER = "foreign_interview_leader"
    FOREIGN_LOCAL_ACTIVITY = "foreign_local_activity"
    FOREIGN_EXTRA_REPORTER_OPINION = "foreign_extra_reporter_opinion"
    SPOKESPERSON_PUBLICATION = "spokesperson_publication"
    PRESS_CONFERENCE_NOTICE = "press_conference_notice"
    PRESS_CONFERENCE_REFUSAL = "press_conference_refusal"
    CORRECTION_DAILY = "correction_daily"
    CORRECTION_ONLINE = "correction_online"
    CORRECTION_PERIODICAL = "correction_periodical"
    FEEDBACK_PUBLICATION = "feedback_publication"
    PRESS_RELAY_ANSWER = "press_relay_answer"
    PRESS_ANSWERS_AGENCY = "press_answers_agency"
    PERIODIC_INFO = "periodic_info"
    PRESS_CONFERENCE_QUARTERLY = "press_conference_quarterly"
    ANNUAL_REPORT = "annual_report"


class Instrument(StrEnum):
    """The texts that set the clocks; the value is a code, the label its official name."""

    PRESS_LAW_2016 = "press_law_2016"
    PRESS_LAW_2025 = "press_law_2025"
    COMPLAINTS_LAW = "complaints_law"
    DECREE_88_2012 = "decree_88_2012"
    DECREE_09_2017 = "decree_09_2017"
    DECREE_237_2026 = "decree_237_2026"
    DECREE_244_2026 = "decree_244_2026"
    DECREE_262_2026 = "decree_262_2026"
    INTERNAL_REGULATION = "internal_regulation"
    OTHER = "other"  # a newer text than this list: its name stands in the citation


class Confidence(StrEnum):
    """How a clock is known: read in the instrument, from a secondary source, or not confirmed."""

    TEXT = "T"
    SECONDARY = "S"
    UNCONFIRMED = "?"


class Trigger(StrEnum):
    """What starts a clock; the words are in labels.py."""

    QUESTION_RECEIVED = "question_received"
    INPUT_ASKED = "input_asked"
    EVENT_RECEIVED = "event_received"
    EVENT_HAPPENED = "event_happened"
    IMPACT_DETERMINED = "impact_determined"
    PRESS_HEAD_ASKS = "press_head_asks"
    OPINION_SENT = "opinion_sent"
    COMPLAINT_SENT = "complaint_sent"
    DENOUNCED = "denounced"
    CONCLUSION_ISSUED = "conclusion_issued"
    FOREIGN_INTERVIEW_ASKED = "foreign_interview_asked"
    FOREIGN_ACTIVITY_ASKED = "foreign_activity_asked"
    MINISTRY_ASKS = "ministry_asks"
    SPOKESPERSON_ASSIGNED = "spokesperson_assigned"
    AUTHORISATION_SIGNED = "authorisation_signed"
    CONFERENCE_START = "conference_start"
    CONCLUSION_RECEIVED = "conclusion_received"
    FEEDBACK_RECEIVED = "feedback_received"
    WRITTEN_ANSWER_RECEIVED = "written_answer_received"
    PRESS_ASKED = "press_asked"
    MONTH = "month"
    LAST_CONFERENCE = "last_conference"
    REPORT_YEAR = "report_year"


class Bearer(StrEnum):
    """Who must act."""

    LEAD_AGENCY = "lead_agency"
    UNIT = "unit"
    SPOKESPERSON = "spokesperson"
    AGENCY = "agency"
    HEAD = "head"
    PROVINCE = "province"
    ASSIGNER = "assigner"  # the agency, and UBND tỉnh for the province's list
    ORGANISER = "organiser"
    PRESS_MANAGER = "press_manager"
    PRESS_AGENCY = "press_agency"


@dataclass(frozen=True)
class Citation:
    """Where a clock stands: instrument, article, clause, point; `name` and number of a text the list does not have."""

    instrument: Instrument
    article: int | None = None
    clause: int | None = None
    point: str | None = None
    name: str = ""

    def __str__(self) -> str:
        clause = f"({self.clause})" if self.clause else ""
        point = f"({self.point})" if self.point else ""
        article = f" Art {self.article}{clause}{point}" if self.article else ""
        return (self.name or INSTRUMENT_NAMES[self.instrument]) + article


INSTRUMENT_NAMES = {
    Instrument.PRESS_LAW_2016: "Press Law 103/2016/QH13",
    Instrument.PRESS_LAW_2025: "Press Law 126/2025/QH15",
    Instrument.COMPLAINTS_LAW: "Law on Complaints 02/2011/QH13",
    Instrument.DECREE_88_2012: "Decree 88/2012/NĐ-CP",
    Instrument.DECREE_09_2017: "Decree 09/2017/NĐ-CP",
    Instrument.DECREE_237_2026: "Decree 237/2026/NĐ-CP",
    Instrument.DECREE_244_2026: "Decree 244/2026/NĐ-CP",
    Instrument.DECREE_262_2026: "Decree 262/2026/NĐ-CP",
    Instrument.INTERNAL_REGULATION: "The agency's internal regulation",
    Instrument.OTHER: "Another text",
}


@dataclass(frozen=True)
class ClockVersion:
    """One version of one clock; `ladder` is None where it reminds as clocks usually do."""

    key: ClockKey
    trigger: Trigger
    bearer: Bearer
    term: AnyTerm
    basis: tuple[Citation, ...]
    confidence: Confidence
    valid_from: date
    valid_to: date | None = None
    allowance: Allowance = NO_ALLOWANCE
    ladder: Ladder | None = None

    @property
    def code(self) -> str:
        """What is stored with a deadline: "answer_on_press@2026-07-01"."""
        return f"{self.key}@{self.valid_from.isoformat()}"

    @property
    def needs_setting(self) -> bool:
        return isinstance(self.term, SettingDays)

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


NEW = date(2026, 7, 1)  # Press Law 2025 and Decrees 237, 244 and 262/2026
LAST_OLD = date(2026, 6, 30)
LAW_2016 = date(2017, 1, 1)
D09 = date(2017, 3, 30)
D88 = date(2012, 12, 20)
T, S, UNSURE = Confidence.TEXT, Confidence.SECONDARY, Confidence.UNCONFIRMED


def _law25(article: int, clause: int) -> Citation:
    return Citation(Instrument.PRESS_LAW_2025, article, clause)


def _law16(article: int, clause: int) -> Citation:
    return Citation(Instrument.PRESS_LAW_2016, article, clause)


def _d237(article: int, clause: int, point: str | None = None) -> Citation:
    return Citation(Instrument.DECREE_237_2026, article, clause, point)


def _d244(article: int, clause: int | None = None, point: str | None = None) -> Citation:
    return Citation(Instrument.DECREE_244_2026, article, clause, point)


def _d262(article: int, clause: int) -> Citation:
    return Citation(Instrument.DECREE_262_2026, article, clause)


def _d09(article: int, clause: int, point: str | None = None) -> Citation:
    return Citation(Instrument.DECREE_09_2017, article, clause, point)


_D88_13 = Citation(Instrument.DECREE_88_2012, 13)
_COMPLAINTS = Citation(Instrument.COMPLAINTS_LAW, 27)
_OWN = Citation(Instrument.INTERNAL_REGULATION)
_BY_PERIODICAL = (
    (OutletPace.WEEKLY, NextIssue()),
    (OutletPace.MAGAZINE, NextIssue()),
    (OutletPace.SLOW_MAGAZINE, CalendarDays(2)),
)
_BY_FEEDBACK = ((OutletPace.DAILY, CalendarDays(2)), (OutletPace.ONLINE, AtOnce()), *_BY_PERIODICAL)
_BY_RELAY = (
    (OutletPace.DAILY, WorkingDays(10)),
    (OutletPace.ONLINE, WorkingDays(10)),
    (OutletPace.WEEKLY, WorkingDays(15)),
    (OutletPace.MAGAZINE, NextIssue()),
    (OutletPace.SLOW_MAGAZINE, NextIssue()),
)
_PERIODICAL, _FEEDBACK, _RELAY = ByOutlet(_BY_PERIODICAL), ByOutlet(_BY_FEEDBACK), ByOutlet(_BY_RELAY)
_SET_WORKING = SettingDays(DayUnit.WORKING)
_SET_CALENDAR = SettingDays(DayUnit.CALENDAR)
_K = ClockKey
_T = Trigger
_B = Bearer


# What agencies may do with their own terms; no statute lets a term be stopped or made longer.
ALLOWANCES = {_K.INTERNAL_REPLY: Allowance(10, 5), _K.INTERNAL_INPUT: Allowance(5, 2)}


def allowance_of(key: ClockKey) -> Allowance:
    """How long a clock may be stopped and extended where its version does not say."""
    return ALLOWANCES.get(key, NO_ALLOWANCE)


def _now(
    key: ClockKey, trigger: Trigger, bearer: Bearer, term: AnyTerm, confidence: Confidence, *basis: Citation
) -> ClockVersion:
    """In force from 1 July 2026."""
    return ClockVersion(key, trigger, bearer, term, basis, confidence, NEW, allowance=allowance_of(key))


def _old(
    key: ClockKey,
    trigger: Trigger,
    bearer: Bearer,
    term: AnyTerm,
    confidence: Confidence,
    since: date,
    *basis: Citation,
) -> ClockVersion:
    """In force from `since` until 30 June 2026."""
    return ClockVersion(key, trigger, bearer, term, basis, confidence, since, LAST_OLD, allowance_of(key))


# In the order of domain.md §7; the versions of one clock stand together, the one in force first.
# fmt: off
VERSIONS: tuple[ClockVersion, ...] = (
    _now(_K.INTERNAL_REPLY, _T.QUESTION_RECEIVED, _B.LEAD_AGENCY, _SET_WORKING, UNSURE, _OWN, _d244(8, 3)),
    _old(_K.INTERNAL_REPLY, _T.QUESTION_RECEIVED, _B.LEAD_AGENCY, _SET_WORKING, UNSURE, D09, _OWN),
    _now(_K.INTERNAL_INPUT, _T.INPUT_ASKED, _B.UNIT, _SET_WORKING, UNSURE, _OWN, _d244(4, 2)),
    _old(_K.INTERNAL_INPUT, _T.INPUT_ASKED, _B.UNIT, _SET_WORKING, UNSURE, D09, _OWN),
    _now(_K.INCIDENT_INITIAL_INFO, _T.EVENT_RECEIVED, _B.SPOKESPERSON, ClockHours(24), T, _d244(7, 3)),
    _old(_K.INCIDENT_INITIAL_INFO, _T.EVENT_HAPPENED, _B.SPOKESPERSON, ClockHours(24), S, D09, _d09(6, 3, "a")),
    _now(_K.DIVIDED_OPINION_INITIAL_INFO, _T.IMPACT_DETERMINED, _B.SPOKESPERSON, ClockHours(24), T, _d244(7, 4)),
    _now(_K.ANSWER_ON_PRESS, _T.PRESS_HEAD_ASKS, _B.AGENCY, CalendarDays(30), T, _law25(32, 1), _d237(18, 1)),
    _old(_K.ANSWER_ON_PRESS, _T.PRESS_HEAD_ASKS, _B.AGENCY, CalendarDays(30), S, LAW_2016, _law16(39, 1)),
    _now(_K.FORWARDED_OPINION_NOTICE, _T.OPINION_SENT, _B.HEAD, WorkingDays(15), T, _d237(18, 3)),
    _old(_K.FORWARDED_OPINION_NOTICE, _T.OPINION_SENT, _B.HEAD, CalendarDays(30), S, LAW_2016, _law16(39, 2)),
    _now(_K.COMPLAINT_ACCEPTANCE_NOTICE, _T.COMPLAINT_SENT, _B.HEAD, _SET_CALENDAR, UNSURE, _d237(18, 2), _COMPLAINTS),
    _old(_K.COMPLAINT_ACCEPTANCE_NOTICE, _T.COMPLAINT_SENT, _B.HEAD, CalendarDays(30), S, LAW_2016, _law16(39, 2)),
    _now(_K.DENUNCIATION_ACCEPTANCE_NOTICE, _T.DENOUNCED, _B.HEAD, _SET_WORKING, UNSURE, _d237(18, 2)),
    _old(_K.DENUNCIATION_ACCEPTANCE_NOTICE, _T.DENOUNCED, _B.HEAD, CalendarDays(30), S, LAW_2016, _law16(39, 2)),
    _now(_K.COMPLAINT_CONCLUSION_NOTICE, _T.CONCLUSION_ISSUED, _B.AGENCY, WorkingDays(5), T, _d237(18, 2)),
    _now(_K.FOREIGN_INTERVIEW_LEADER, _T.FOREIGN_INTERVIEW_ASKED, _B.AGENCY, WorkingDays(5), T, _d262(16, 2)),
    _old(_K.FOREIGN_INTERVIEW_LEADER, _T.FOREIGN_INTERVIEW_ASKED, _B.AGENCY, WorkingDays(5), S, D88, _D88_13),
    _now(_K.FOREIGN_LOCAL_ACTIVITY, _T.FOREIGN_ACTIVITY_ASKED, _B.PROVINCE, WorkingDays(5), T, _d262(16, 3)),
    _old(_K.FOREIGN_LOCAL_ACTIVITY, _T.FOREIGN_ACTIVITY_ASKED, _B.PROVINCE, WorkingDays(5), S, D88, _D88_13),
    _now(_K.FOREIGN_EXTRA_REPORTER_OPINION, _T.MINISTRY_ASKS, _B.PROVINCE, WorkingDays(5), T, _d262(12, 1)),
    _now(_K.SPOKESPERSON_PUBLICATION, _T.SPOKESPERSON_ASSIGNED, _B.ASSIGNER, ClockHours(24), T, _d244(3, 3)),
    _old(_K.SPOKESPERSON_PUBLICATION, _T.AUTHORISATION_SIGNED, _B.ASSIGNER, ClockHours(12), S, D09, _d09(3, 6)),
    _now(_K.PRESS_CONFERENCE_NOTICE, _T.CONFERENCE_START, _B.ORGANISER, HoursBefore(24), T, _d237(22, 3)),
    _now(_K.PRESS_CONFERENCE_REFUSAL, _T.CONFERENCE_START, _B.PRESS_MANAGER, HoursBefore(12), T, _d237(22, 5)),
    _now(_K.CORRECTION_DAILY, _T.CONCLUSION_RECEIVED, _B.PRESS_AGENCY, CalendarDays(2), T, _d237(19, 3, "b")),
    _now(_K.CORRECTION_ONLINE, _T.CONCLUSION_RECEIVED, _B.PRESS_AGENCY, AtOnce(), T, _d237(19, 3, "a")),
    _now(_K.CORRECTION_PERIODICAL, _T.CONCLUSION_RECEIVED, _B.PRESS_AGENCY, _PERIODICAL, T, _d237(19, 3, "b")),
    _now(_K.FEEDBACK_PUBLICATION, _T.FEEDBACK_RECEIVED, _B.PRESS_AGENCY, _FEEDBACK, T, _d237(21, 1)),
    _now(_K.PRESS_RELAY_ANSWER, _T.WRITTEN_ANSWER_RECEIVED, _B.PRESS_AGENCY, _RELAY, T, _d237(18, 5)),
    _now(_K.PRESS_ANSWERS_AGENCY, _T.PRESS_ASKED, _B.PRESS_AGENCY, WorkingDays(15), T, _d237(18, 6)),
    _now(_K.PERIODIC_INFO, _T.MONTH, _B.PROVINCE, EveryMonth(), T, _d244(6, 2, "a")),
    _now(_K.PRESS_CONFERENCE_QUARTERLY, _T.LAST_CONFERENCE, _B.PROVINCE, Months(3), T, _d244(6, 2, "b")),
    _now(_K.ANNUAL_REPORT, _T.REPORT_YEAR, _B.PROVINCE, BeforeDate(12, 20), T, _d244(10)),
)
# fmt: on

# How many rounds of written feedback a press agency owes before it may stop (Decree 237 Art 21(1)).
FEEDBACK_ROUNDS = ((NEW, 2), (LAW_2016, 3))


class ClockGroup(StrEnum):
    """The shelves the clocks stand on when they are shown."""

    OURS = "ours"
    PRESS = "press"
    PERIODIC = "periodic"


def group_of(version: ClockVersion) -> ClockGroup:
    """Where a clock is shown: what agencies owe, what the press owes, what comes round by itself."""
    if isinstance(version.term, EveryMonth | Months | BeforeDate):
        return ClockGroup.PERIODIC
    return ClockGroup.PRESS if version.bearer is Bearer.PRESS_AGENCY else ClockGroup.OURS


INTERNAL_KEYS = frozenset({ClockKey.INTERNAL_REPLY, ClockKey.INTERNAL_INPUT})
UNCONFIRMED_STATUTORY_KEYS = frozenset(
    version.key for version in VERSIONS if version.needs_setting and version.key not in INTERNAL_KEYS
)

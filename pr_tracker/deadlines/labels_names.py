"""Clocks, triggers, terms, texts and days by name, in the reader's language."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind, DayOff, HolidayName, OffReason
from pr_tracker.deadlines.rules_ladder import Rung
from pr_tracker.deadlines.rules_steps import ProposedDay
from pr_tracker.deadlines.rules_table import Bearer, Citation, ClockGroup, ClockKey, Confidence, Instrument, Trigger
from pr_tracker.deadlines.rules_terms import (
    AnyTerm,
    AtOnce,
    BeforeDate,
    ByOutlet,
    CalendarDays,
    ClockHours,
    DayUnit,
    EveryMonth,
    ExtensionReason,
    HoursBefore,
    Months,
    NextIssue,
    OutletPace,
    SettingDays,
    StopReason,
    WorkingDays,
)
from pr_tracker.office_time import write_day

CLOCKS = {
    ClockKey.INTERNAL_REPLY: _l("Answer to an ordinary question or interview request"),
    ClockKey.INTERNAL_INPUT: _l("A unit's information for the spokesperson"),
    ClockKey.INCIDENT_INITIAL_INFO: _l("Initial information on a major event"),
    ClockKey.DIVIDED_OPINION_INITIAL_INFO: _l("Initial information where public opinion is or may be affected"),
    ClockKey.ANSWER_ON_PRESS: _l("Answer on the press at the request of the head of a press agency"),
    ClockKey.FORWARDED_OPINION_NOTICE: _l(
        "Notice of measures on an opinion, petition or criticism the press forwarded"
    ),
    ClockKey.COMPLAINT_ACCEPTANCE_NOTICE: _l("Notice of acceptance of a complaint the press forwarded"),
    ClockKey.DENUNCIATION_ACCEPTANCE_NOTICE: _l("Notice of acceptance of a denunciation the press forwarded"),
    ClockKey.COMPLAINT_CONCLUSION_NOTICE: _l("Notice of the conclusion on a forwarded complaint or denunciation"),
    ClockKey.FOREIGN_INTERVIEW_LEADER: _l("Reply to a foreign bureau that asks to interview a provincial leader"),
    ClockKey.FOREIGN_LOCAL_ACTIVITY: _l("Reply to a foreign bureau that asks to work in the province"),
    ClockKey.FOREIGN_EXTRA_REPORTER_OPINION: _l(
        "Opinion to the Ministry of Foreign Affairs on an extra foreign reporter"
    ),
    ClockKey.SPOKESPERSON_PUBLICATION: _l("Publication of the spokesperson on the portal"),
    ClockKey.PRESS_CONFERENCE_NOTICE: _l("Notice before a press conference"),
    ClockKey.PRESS_CONFERENCE_REFUSAL: _l("Refusal of a press conference"),
    ClockKey.CORRECTION_DAILY: _l("Correction in a daily, on radio or television"),
    ClockKey.CORRECTION_ONLINE: _l("Correction online or in a content channel"),
    ClockKey.CORRECTION_PERIODICAL: _l("Correction in a weekly or magazine"),
    ClockKey.FEEDBACK_PUBLICATION: _l("Publication of our written feedback"),
    ClockKey.PRESS_RELAY_ANSWER: _l("Publication of our written answer"),
    ClockKey.PRESS_ANSWERS_AGENCY: _l("A press agency's answer to our request"),
    ClockKey.PERIODIC_INFO: _l("Monthly information and update of the portal"),
    ClockKey.PRESS_CONFERENCE_QUARTERLY: _l("Periodic press conference, at least every 3 months"),
    ClockKey.ANNUAL_REPORT: _l("Annual report to the Ministry of Culture, Sports and Tourism"),
}
TRIGGERS = {
    Trigger.QUESTION_RECEIVED: _l("the question or interview request is received"),
    Trigger.INPUT_ASKED: _l("the spokesperson asks the unit for information"),
    Trigger.EVENT_RECEIVED: _l("the agency receives and handles the event"),
    Trigger.EVENT_HAPPENED: _l("the event happens"),
    Trigger.IMPACT_DETERMINED: _l("the agency determines an impact, or a risk of it, on public opinion"),
    Trigger.PRESS_HEAD_ASKS: _l("the request of the head of the press agency is received"),
    Trigger.OPINION_SENT: _l("the opinion, petition, reflection or criticism is received from the press"),
    Trigger.COMPLAINT_SENT: _l("the complaint is received from the press"),
    Trigger.DENOUNCED: _l("the denunciation is received from the press"),
    Trigger.CONCLUSION_ISSUED: _l("the conclusion is issued"),
    Trigger.FOREIGN_INTERVIEW_ASKED: _l("the bureau's request for the interview is received"),
    Trigger.FOREIGN_ACTIVITY_ASKED: _l("the bureau's request to work in the province is received"),
    Trigger.MINISTRY_ASKS: _l("the Ministry of Foreign Affairs asks"),
    Trigger.SPOKESPERSON_ASSIGNED: _l("the decision assigning the spokesperson is made"),
    Trigger.AUTHORISATION_SIGNED: _l("the authorisation is signed"),
    Trigger.CONFERENCE_START: _l("the planned start of the press conference"),
    Trigger.CONCLUSION_RECEIVED: _l("the press agency receives the written conclusion"),
    Trigger.FEEDBACK_RECEIVED: _l("the press agency receives our written feedback"),
    Trigger.WRITTEN_ANSWER_RECEIVED: _l("the press agency receives our written answer"),
    Trigger.PRESS_ASKED: _l("we ask the press agency to answer"),
    Trigger.MONTH: _l("each calendar month"),
    Trigger.LAST_CONFERENCE: _l("the last periodic press conference"),
    Trigger.REPORT_YEAR: _l("the report year"),
}
BEARERS = {
    Bearer.LEAD_AGENCY: _l("the lead agency"),
    Bearer.UNIT: _l("the unit that is asked"),
    Bearer.SPOKESPERSON: _l("the spokesperson"),
    Bearer.AGENCY: _l("the agency"),
    Bearer.HEAD: _l("the head of the agency"),
    Bearer.PROVINCE: _l("the provincial People's Committee"),
    Bearer.ASSIGNER: _l("the agency, and the provincial People's Committee for the province's list"),
    Bearer.ORGANISER: _l("the organiser"),
    Bearer.PRESS_MANAGER: _l("the body that manages the press"),
    Bearer.PRESS_AGENCY: _l("the press agency"),
}
CONFIDENCES = {
    Confidence.TEXT: _l("read in the text itself"),
    Confidence.SECONDARY: _l("from a secondary source"),
    Confidence.UNCONFIRMED: _l("not confirmed"),
}
OUTLETS = {
    OutletPace.DAILY: _l("daily, radio, television"),
    OutletPace.ONLINE: _l("online newspaper"),
    OutletPace.WEEKLY: _l("weekly"),
    OutletPace.MAGAZINE: _l("magazine"),
    OutletPace.SLOW_MAGAZINE: _l("magazine slower than 30 days"),
}
INSTRUMENTS = {
    Instrument.PRESS_LAW_2016: _l("Press Law 103/2016/QH13"),
    Instrument.PRESS_LAW_2025: _l("Press Law 126/2025/QH15"),
    Instrument.COMPLAINTS_LAW: _l("Law on Complaints 02/2011/QH13"),
    Instrument.DECREE_88_2012: _l("Decree 88/2012/NĐ-CP"),
    Instrument.DECREE_09_2017: _l("Decree 09/2017/NĐ-CP"),
    Instrument.DECREE_237_2026: _l("Decree 237/2026/NĐ-CP"),
    Instrument.DECREE_244_2026: _l("Decree 244/2026/NĐ-CP"),
    Instrument.DECREE_262_2026: _l("Decree 262/2026/NĐ-CP"),
    Instrument.INTERNAL_REGULATION: _l("the agency's internal regulation"),
    Instrument.OTHER: _l("another text"),
}
RUNGS = {
    Rung.BEFORE: _l("before the end"),
    Rung.LAST_DAY: _l("on the last day"),
    Rung.LATE_1: _l("late, level 1"),
    Rung.LATE_2: _l("late, level 2"),
    Rung.LATE_3: _l("late, level 3"),
}
GROUPS = {
    ClockGroup.OURS: _l("What agencies owe"),
    ClockGroup.PRESS: _l("What the press owes"),
    ClockGroup.PERIODIC: _l("What comes round"),
}
HOLIDAYS = {
    HolidayName.NEW_YEAR: _l("New Year's Day"),
    HolidayName.TET: _l("Tết"),
    HolidayName.HUNG_KINGS: _l("Hung Kings' Commemoration Day"),
    HolidayName.REUNIFICATION: _l("Reunification Day"),
    HolidayName.LABOUR: _l("International Labour Day"),
    HolidayName.NATIONAL: _l("National Day"),
    HolidayName.CULTURE: _l("Vietnam Culture Day"),
}
DAY_KINDS = {
    DayKind.HOLIDAY: _l("public holiday"),
    DayKind.DAY_IN_LIEU: _l("day in lieu"),
    DayKind.SWAPPED_OFF: _l("swapped day off"),
    DayKind.SWAPPED_WORK: _l("worked in exchange"),
    DayKind.ORDINARY: _l("ordinary day"),
}
STOP_REASONS = {
    StopReason.WAITING_FOR_PRESS: _l("waiting for the press to add to its question"),
    StopReason.WAITING_FOR_OUTSIDE: _l("waiting for a body outside the province"),
    StopReason.FORCE_MAJEURE: _l("force majeure"),
}
EXTENSION_REASONS = {
    ExtensionReason.COMPLEX: _l("a complex matter that needs more checking"),
    ExtensionReason.MANY_AGENCIES: _l("several agencies must give their part"),
    ExtensionReason.NEW_FACTS: _l("new facts have come up"),
}
WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)


def sentence(words: str) -> str:
    """The same words with a capital at the start."""
    return words[:1].upper() + words[1:]


def long_day(day: date) -> str:
    """thứ Sáu 20/11/2026."""
    return f"{WEEKDAYS[day.weekday()]} {write_day(day)}"


def short_day(day: date) -> str:
    """thứ Sáu 20/11."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m}"


def citation(cited: Citation) -> str:
    """điểm a khoản 2 Điều 6 Nghị định 244/2026/NĐ-CP."""
    name = cited.name or str(INSTRUMENTS[cited.instrument])
    place = {"text": name, "article": cited.article, "clause": cited.clause, "point": cited.point}
    if cited.point:
        return _("%(text)s Art %(article)s(%(clause)s)(%(point)s)", **place)
    if cited.clause:
        return _("%(text)s Art %(article)s(%(clause)s)", **place)
    return _("%(text)s Art %(article)s", **place) if cited.article else name


def basis_words(basis: Iterable[Citation]) -> str:
    """All citations of a clock in one line."""
    return "; ".join(citation(cited) for cited in basis)


def days_words(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days)


def working_days_words(days: int) -> str:
    return ngettext("%(num)s working day", "%(num)s working days", days)


def hours_words(hours: int) -> str:
    return ngettext("%(num)s hour", "%(num)s hours", hours)


def minutes_words(minutes: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def term_words(term: AnyTerm) -> str:
    """The length of a term, in words."""
    match term:
        case ClockHours(hours):
            return hours_words(hours)
        case HoursBefore(hours):
            return _("%(span)s before", span=hours_words(hours))
        case CalendarDays(days):
            return days_words(days)
        case WorkingDays(days):
            return working_days_words(days)
        case Months(months):
            return ngettext("%(num)s month", "%(num)s months", months)
        case BeforeDate(month, day):
            return _("before %(day)s", day=f"{day:02}/{month:02}")
        case EveryMonth():
            return _("within the month")
        case AtOnce():
            return _("at once")
        case NextIssue():
            return _("in the next issue")
        case SettingDays(unit):
            return _("working days, as set") if unit is DayUnit.WORKING else _("days, as set")
        case ByOutlet(cases):
            return "; ".join(f"{OUTLETS[pace]}: {term_words(each)}" for pace, each in cases)


def day_name(name: str) -> str:
    """A holiday by its code, or the words a person typed."""
    return str(HOLIDAYS[HolidayName(name)]) if name in set(HolidayName) else name


def off_words(off: DayOff) -> str:
    """Why nobody works on a day, and by which decision."""
    match off.reason:
        case OffReason.WEEKEND:
            return str(WEEKDAYS[off.day.weekday()])
        case OffReason.SWAPPED_OFF:
            words = _swapped_off(off.name, off.swapped_with)
        case OffReason.DAY_IN_LIEU:
            words = _("day in lieu of %(name)s", name=day_name(off.name))
        case OffReason.HOLIDAY:
            words = day_name(off.name)
    words = _("%(name)s (estimated)", name=words) if off.estimated else words
    return _("%(name)s, by %(decision)s", name=words, decision=off.decision) if off.decision else words


def entry_words(entry: DayEntry) -> str:
    """What an entry of the calendar makes of its day."""
    if entry.kind is DayKind.SWAPPED_OFF:
        return _swapped_off(entry.name, entry.swapped_with)
    if entry.kind is DayKind.SWAPPED_WORK and entry.swapped_with:
        return _("worked in exchange for %(day)s", day=long_day(entry.swapped_with))
    return day_name(entry.name) or str(DAY_KINDS[entry.kind])


def proposed_words(proposed: ProposedDay) -> str:
    """What somebody proposed for a day."""
    return entry_words(DayEntry(proposed.day_kind, proposed.name, swapped_with=proposed.swapped_with))


def _swapped_off(name: str, worked: date | None) -> str:
    if worked is None:
        return day_name(name) or str(DAY_KINDS[DayKind.SWAPPED_OFF])
    return _("swapped day off, %(day)s is worked", day=long_day(worked))

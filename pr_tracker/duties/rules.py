"""What the law makes agencies do by themselves: kinds of duty, their periods, who may act, what a notice says.

Decree 244/2026/NĐ-CP Arts 3(3), 6(2), 10; Decree 237/2026/NĐ-CP Art 22(3); domain.md §7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.deadlines.rules_book import SHIPPED
from pr_tracker.deadlines.rules_table import ClockKey
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import in_office, office_instant, write_day

ITEM_COUNT = 6  # Decree 237/2026/NĐ-CP Art 22(3) says six; which six, no confirmed text says
LONGEST_EVIDENCE = 2000
LONGEST_ITEM = 1000


class DutyKind(StrEnum):
    """The duties; each has the clock of the same name."""

    QUARTERLY = "press_conference_quarterly"
    MONTHLY = "periodic_info"
    ANNUAL = "annual_report"
    NOTICE = "press_conference_notice"
    PUBLICATION = "spokesperson_publication"

    @property
    def clock_key(self) -> ClockKey:
        """The clock it runs by."""
        return ClockKey(self.value)


# What comes round by itself, and is owed by the province alone.
PERIODIC_KINDS = (DutyKind.QUARTERLY, DutyKind.MONTHLY, DutyKind.ANNUAL)


class ConferenceFormat(StrEnum):
    """How a press conference is held (Decree 244/2026/NĐ-CP Art 5)."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class NoticeItem(StrEnum):
    """What the shipped list of items asks, in order; the province may word each line anew."""

    TIME = "time"
    PLACE = "place"
    CONTENT = "content"
    CHAIR = "chair"
    INVITED = "invited"
    CONTACT = "contact"


class DutyEvent(StrEnum):
    """What the history of a duty and the audit log say."""

    OPEN = "duty:open"
    ITEMS = "duty:items:fill"
    LETTER = "duty:letter:print"
    DONE = "duty:do"
    CORRECT = "duty:evidence:correct"
    CANCEL = "duty:cancel"
    REOPEN = "duty:reopen"
    MOVE = "duty:deadline:move"
    PLAN = "press_conference:plan"
    CHANGE = "press_conference:change"
    HOLD = "press_conference:hold"
    CALL_OFF = "press_conference:cancel"
    TAKE_BACK = "press_conference:reopen"
    NOTICE_SETTINGS = "notice_settings:set"
    BRIEFING = "press_briefing:record"
    BRIEFING_CORRECT = "press_briefing:correct"
    BRIEFING_WITHDRAW = "press_briefing:withdraw"


class DutyState(StrEnum):
    """Where a duty stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Period:
    """The month, the year, or the running three months of a periodic duty; `key` opens it only once."""

    kind: DutyKind
    key: str
    trigger_at: datetime


@dataclass(frozen=True)
class ConferenceFacts:
    """What is planned of a press conference."""

    title: str
    starts_at: datetime
    place: str
    format: ConferenceFormat
    periodic: bool
    chair: str
    content: str = ""


@dataclass(frozen=True)
class BriefingFacts:
    """What an agency told the press of its own accord at a press briefing (Decree 244/2026/NĐ-CP Art 5(5))."""

    title: str
    held_at: datetime
    host: str
    speaker: str
    evidence: str
    link: str = ""


@dataclass(frozen=True)
class Item:
    """One line of a notice: its label, "" for the shipped one at this place, and what was filled in."""

    label: str = ""
    text: str = ""


@dataclass(frozen=True)
class NoticeSettings:
    """To whom the notice goes, "" for the shipped words, and the six labels, each "" for the shipped one."""

    addressee: str = ""
    labels: tuple[str, ...] = ("",) * ITEM_COUNT


def month_of(day: date) -> Period:
    """The month's information (Art 6(2)(a)), from the first of the month or of the rule."""
    return Period(DutyKind.MONTHLY, f"{day:%Y-%m}", _within(DutyKind.MONTHLY, day.replace(day=1)))


def year_of(day: date) -> Period:
    """The report year (Art 10): the calendar year in which its 20 December lies."""
    return Period(DutyKind.ANNUAL, f"{day:%Y}", _within(DutyKind.ANNUAL, date(day.year, 1, 1)))


def quarter_after(held_at: datetime) -> Period:
    """The three months that run from the last periodic press conference (Art 6(2)(b))."""
    return Period(DutyKind.QUARTERLY, in_office(held_at).isoformat(timespec="minutes"), held_at)


def _within(kind: DutyKind, first: date) -> datetime:
    """The start of a period, or the first day of the law when the period had begun before it."""
    since = first_day_of(kind)
    return office_instant(max(first, since))


def first_day_of(kind: DutyKind) -> date:
    """The day from which the law knows a duty."""
    return min(version.valid_from for version in SHIPPED.versions_of(kind.clock_key))


def subject_of(kind: DutyKind, period: str) -> str:
    """The period of a duty that comes round, as people write it: 11/2026, 2026, the day the months run from."""
    match kind:
        case DutyKind.MONTHLY:
            year, month = period.split("-")
            return f"{month}/{year}"
        case DutyKind.QUARTERLY:
            return write_day(datetime.fromisoformat(period).date())
        case _:
            return period


def owes_notice(kind: AgencyKind) -> bool:
    """Whether a press conference of such a body needs a notice 24 hours before: all but UBND tỉnh.

    Our reading of Decree 237/2026/NĐ-CP Art 22(2) and (3): sở, thanh tra, xã, and the office owe it.
    """
    return kind is not AgencyKind.PROVINCE


def acts_for(own: AgencyKind, own_id: int, owing: AgencyKind, owing_id: int) -> bool:
    """Whether people of one agency do the duties of another: each its own, the office those of UBND tỉnh."""
    return own_id == owing_id or (own is AgencyKind.PROVINCE_OFFICE and owing is AgencyKind.PROVINCE)


def state_of(done_at: datetime | None, cancelled_at: datetime | None) -> DutyState:
    """Open until it is done or, with a reason, cancelled."""
    if done_at is not None:
        return DutyState.DONE
    return DutyState.CANCELLED if cancelled_at is not None else DutyState.OPEN


def require_done_at(done_at: datetime, *, not_before: datetime | None, now: datetime) -> None:
    """Raises BadInput unless it was done in the past, and after what started it; the present minute is past."""
    if done_at > now:
        raise BadInput(N_("This moment is still to come."), field="done_at")
    if not_before is not None and done_at < not_before:
        raise BadInput(N_("This is before the duty began."), field="done_at")


def require_words(words: str, field: str) -> str:
    """The words without outer spaces. Raises BadInput when there are none."""
    if not words.strip():
        raise BadInput(N_("Please fill this in."), field=field)
    return words.strip()


def missing_items(items: Sequence[Item]) -> int:
    """How many of the six are still empty."""
    return ITEM_COUNT - sum(bool(item.text.strip()) for item in items)


def items_from(texts: Sequence[str], settings: NoticeSettings) -> tuple[Item, ...]:
    """Six items as filled in, each under the label that stands now."""
    filled = (*texts, *("",) * ITEM_COUNT)[:ITEM_COUNT]
    return tuple(Item(label, text.strip()) for label, text in zip(settings.labels, filled, strict=True))


def known_items(facts: ConferenceFacts, settings: NoticeSettings, when: str) -> tuple[Item, ...]:
    """What the plan answers already, `when` in words; a line the province worded itself is left to people."""
    told = {
        NoticeItem.TIME: when,
        NoticeItem.PLACE: facts.place,
        NoticeItem.CONTENT: facts.content or facts.title,
        NoticeItem.CHAIR: facts.chair,
    }
    return tuple(
        Item(label, "" if label else told.get(item, ""))
        for label, item in zip(settings.labels, NoticeItem, strict=True)
    )


def follow_plan(items: Sequence[Item], old: Sequence[Item], new: Sequence[Item]) -> tuple[Item, ...]:
    """The items after the plan changed: what said the old plan says the new one, what people wrote stays."""
    return tuple(
        after if item.text in ("", before.text) else item for item, before, after in zip(items, old, new, strict=True)
    )


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[str]]:
    """What differs, as {name: [before, after]} in plain words, for the history."""
    return {name: [_plain(before[name]), _plain(after[name])] for name in after if before[name] != after[name]}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

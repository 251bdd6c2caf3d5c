"""How a deadline came about, as typed steps, and the JSON they are kept in for years."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from pr_tracker.deadlines.rules_calendar import DayKind, DayOff
from pr_tracker.deadlines.rules_ladder import Ladder
from pr_tracker.deadlines.rules_table import Bearer, Citation, ClockKey, Confidence, Trigger
from pr_tracker.deadlines.rules_terms import Allowance, Extension, OutletPace, Stop, Term
from pr_tracker.office_time import in_office


class Counting(StrEnum):
    """What the moment of the trigger is to the count."""

    DAY_NOT_COUNTED = "day_not_counted"
    FROM_THE_MINUTE = "from_the_minute"
    COUNTED_BACK = "counted_back"
    NAMES_THE_PERIOD = "names_the_period"
    NOTHING_TO_COUNT = "nothing_to_count"


class Undated(StrEnum):
    """Why no date can be computed."""

    NEXT_ISSUE = "next_issue"


@dataclass(frozen=True)
class RuleStep:
    """Which rule, in which version, and the term it sets (`from_setting`: the office's own number).

    `allowance` and `ladder` are None where nothing says: in what was stored before there were any, or no own ladder.
    """

    kind: ClassVar = "rule"
    key: ClockKey
    bearer: Bearer
    basis: tuple[Citation, ...]
    confidence: Confidence
    valid_from: date
    valid_to: date | None
    term: Term
    from_setting: bool = False
    outlet: OutletPace | None = None
    allowance: Allowance | None = None
    ladder: Ladder | None = None


@dataclass(frozen=True)
class TriggerStep:
    """What happened, when, and how it counts."""

    kind: ClassVar = "trigger"
    trigger: Trigger
    at: datetime
    counting: Counting


@dataclass(frozen=True)
class FirstDayStep:
    """The first day that is counted: the one after the event."""

    kind: ClassVar = "first_day"
    first_on: date


@dataclass(frozen=True)
class SkippedStep:
    """The days that working days do not count, each by name."""

    kind: ClassVar = "skipped"
    days: tuple[DayOff, ...]


@dataclass(frozen=True)
class SameDateStep:
    """The date a term of months ends on; `last_of_month` when the month has no such date."""

    kind: ClassVar = "same_date"
    same_on: date
    last_of_month: bool


@dataclass(frozen=True)
class ExtensionStep:
    """The term was made longer: the last day moved from one day to another."""

    kind: ClassVar = "extension"
    extension: Extension
    from_on: date
    to_on: date


@dataclass(frozen=True)
class StopStep:
    """The clock stood still for `days` with `left` days to go, so the last day moved; all in the unit of the term."""

    kind: ClassVar = "stop"
    stop: Stop
    days: int
    left: int
    from_on: date
    to_on: date


@dataclass(frozen=True)
class RollStep:
    """The last day is off, so the term ends with the next working day; each day passed, by name."""

    kind: ClassVar = "roll"
    from_on: date
    days: tuple[DayOff, ...]
    to_on: date


@dataclass(frozen=True)
class NoRollStep:
    """The last day allowed, which does not move; when it is off, the last working day before it is the one to keep."""

    kind: ClassVar = "no_roll"
    last_on: date
    days: tuple[DayOff, ...]
    keep_on: date


@dataclass(frozen=True)
class IssueStep:
    """The day on which the press agency's next issue appears, as somebody entered it."""

    kind: ClassVar = "issue"
    issue_on: date


@dataclass(frozen=True)
class ProposedDay:
    """A day somebody proposed to change and nobody has confirmed."""

    day: date
    day_kind: DayKind
    name: str
    swapped_with: date | None


@dataclass(frozen=True)
class ProposedStep:
    """Unconfirmed days on the way: not applied; with the due day, and what it would be if they were."""

    kind: ClassVar = "proposed"
    days: tuple[ProposedDay, ...]
    due_on: date
    due_on_if_confirmed: date


@dataclass(frozen=True)
class ResultStep:
    """The due day, or the due minute, or why there is neither.

    `nth`: which counted day the due day is. `before_last`: the last day allowed comes later, but is off.
    """

    kind: ClassVar = "result"
    due_on: date | None = None
    due_at: datetime | None = None
    nth: int | None = None
    undated: Undated | None = None
    before_last: bool = False


Step = (
    RuleStep
    | TriggerStep
    | FirstDayStep
    | SkippedStep
    | SameDateStep
    | ExtensionStep
    | StopStep
    | RollStep
    | NoRollStep
    | IssueStep
    | ProposedStep
    | ResultStep
)


def to_json(value: Any) -> Any:
    """Plain JSON: codes, ISO dates, instants with the office's +07:00; a value with a `kind` says it."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    if names := _names_of(value.__class__):
        return {name: to_json(getattr(value, name)) for name in names}
    if isinstance(value, datetime):
        return in_office(value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    """What JSON says of a dataclass, its `kind` first."""
    if not is_dataclass(kind):
        return ()
    names = tuple(field.name for field in fields(kind))
    return ("kind", *names) if hasattr(kind, "kind") or "kind" in names else names


def from_json(wanted: Any, data: Any) -> Any:
    """The value of type `wanted` that to_json wrote; fields added since take their defaults."""
    return None if data is None else _reader(wanted)(data)


@cache
def _reader(wanted: Any) -> Callable[[Any], Any]:
    """What reads a value of a type: found out once, as every page of a case reads its clock."""
    if get_origin(wanted) in (Union, UnionType):
        return _union_reader([each for each in get_args(wanted) if each is not type(None)])
    if get_origin(wanted) is tuple:
        members = get_args(wanted)
        readers = [_reader(member) for member in members if member is not Ellipsis]
        if members[-1] is Ellipsis:
            return lambda data: tuple([None if each is None else readers[0](each) for each in data])
        return lambda data: tuple(
            [None if each is None else read(each) for read, each in zip(readers, data, strict=False)]
        )
    if is_dataclass(wanted):
        return _dataclass_reader(wanted)
    return wanted.fromisoformat if wanted in (datetime, date, time) else wanted  # type: ignore[no-any-return]


def _union_reader(members: list[Any]) -> Callable[[Any], Any]:
    """By the `kind` a value says; without one it is the first of the types."""
    if len(members) == 1:
        return _reader(members[0])
    first, by_kind = _reader(members[0]), {each.kind: _reader(each) for each in members if hasattr(each, "kind")}

    def read(data: Any) -> Any:
        return by_kind[data["kind"]](data) if isinstance(data, Mapping) and "kind" in data else first(data)

    return read


def _dataclass_reader(wanted: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(wanted)
    wants = [(field.name, _reader(hints[field.name])) for field in fields(wanted)]

    def read(data: Any) -> Any:
        known = [(name, reads, data[name]) for name, reads in wants if name in data]
        return wanted(**{name: None if value is None else reads(value) for name, reads, value in known})

    return read

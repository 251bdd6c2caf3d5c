"""The year of the working calendar in words and as twelve pictures; what a change says of each day."""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import format_date, ngettext, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.deadlines.labels import off_rows
from pr_tracker.deadlines.labels_names import DAY_KINDS, day_name, entry_words, long_day, sentence, short_day
from pr_tracker.deadlines.reading import Column, Effect, Row, Trouble
from pr_tracker.deadlines.rules_calendar import ONE_DAY, DayEntry, DayKind, OffReason, WorkingCalendar, days_between
from pr_tracker.deadlines.rules_year import CalendarState, Change, Standing, YearState
from pr_tracker.office_time import write_day, write_moment

MOST_SAID = 3
YEAR_STATES = {
    YearState.CONFIRMED: _l("confirmed"),
    YearState.UNCONFIRMED: _l("not confirmed in full"),
    YearState.MISSING: _l("no public holiday entered"),
}
_OFF_LOOKS = {
    OffReason.WEEKEND: "w",
    OffReason.HOLIDAY: "h",
    OffReason.DAY_IN_LIEU: "l",
    OffReason.SWAPPED_OFF: "x",
}


class YearDay(NamedTuple):
    """One day of a month's picture: its number, classes of year.css, a small sign, and words for a reader."""

    number: int
    look: str
    sign: str = ""
    words: str = ""


class MonthShown(NamedTuple):
    """One month: its name, weeks (None outside the month), and its named days."""

    number: int
    name: str
    weeks: list[list[YearDay | None]]
    named: list[tuple[str, str]]


class DayLine(NamedTuple):
    """One line of the list by date: a day, or days that follow each other and are alike in everything."""

    first: date
    last: date
    name: str
    kind: str
    decision: str
    state: str
    sure: bool
    source: str
    own: bool
    is_ordinary: bool

    @property
    def days(self) -> list[date]:
        return list(days_between(self.first, self.last))

    @property
    def words(self) -> str:
        if self.first == self.last:
            return sentence(long_day(self.first))
        return _("%(first)s to %(last)s", first=sentence(short_day(self.first)), last=long_day(self.last))


def year_picture(calendar: WorkingCalendar, year: int) -> list[MonthShown]:
    """Twelve months, Monday first."""
    return [_month(calendar, year, month) for month in range(1, 13)]


def _month(calendar: WorkingCalendar, year: int, month: int) -> MonthShown:
    weeks = Calendar().monthdatescalendar(year, month)
    days = [day for week in weeks for day in week if day.month == month]
    return MonthShown(
        number=month,
        name=sentence(format_date(date(year, month, 1), "LLLL")),
        weeks=[[_day(calendar, day) if day.month == month else None for day in week] for week in weeks],
        named=_named(calendar, days),
    )


def _day(calendar: WorkingCalendar, day: date) -> YearDay:
    look, sign = _look_of(calendar, day)
    proposed = calendar.proposals.get(day)
    if proposed:
        return YearDay(day.day, f"{look} p".strip(), "?", _("proposed: %(what)s", what=entry_words(proposed)))
    words = ", ".join(name for _days, name in _named(calendar, [day]))
    return YearDay(day.day, look, sign, words or (_("day off") if look == "w" else ""))


def _look_of(calendar: WorkingCalendar, day: date) -> tuple[str, str]:
    """The classes of a day as it counts now, and its sign."""
    off, entry = calendar.day_off(day), calendar.entries.get(day)
    if off is None:
        worked = entry is not None and entry.kind is DayKind.SWAPPED_WORK
        return ("k", pgettext("sign of a day", "W")) if worked else ("", "")
    if off.estimated:
        return f"{_OFF_LOOKS[off.reason]} e", "≈"
    signs = {
        OffReason.DAY_IN_LIEU: pgettext("sign of a day", "L"),
        OffReason.SWAPPED_OFF: pgettext("sign of a day", "S"),
    }
    return _OFF_LOOKS[off.reason], signs.get(off.reason, "")


def _named(calendar: WorkingCalendar, days: Sequence[date]) -> list[tuple[str, str]]:
    """The named days among these: (days, name), runs of one name in one line, in the order of dates."""
    offs = [off for off in map(calendar.day_off, days) if off and off.reason is not OffReason.WEEKEND]
    found = [(rows[0], rows[1]) for rows in off_rows(offs)]
    for day in days:
        entry = calendar.entries.get(day)
        if entry and entry.kind is DayKind.SWAPPED_WORK:
            found.append((f"{day:%d/%m}", entry_words(entry)))
        if day in calendar.proposals:
            found.append((f"{day:%d/%m}", _("proposed: %(what)s", what=entry_words(calendar.proposals[day]))))
    return sorted(found, key=lambda row: row[0][:2])


def day_lines(standing: Standing, rows: Iterable[Any], year: int) -> list[DayLine]:
    """Every day of a year that is not what its weekday says, by date; `rows` are the office's entries."""
    calendar = standing.calendar
    entered = {row.day: row for row in rows if row.withdrawn_at is None}
    days = sorted(day for day in {*calendar.entries, *calendar.proposals} if day.year == year)
    lines: list[DayLine] = []
    for line in (_line(day, entry, entered.get(day)) for day in days for entry in _entries_on(calendar, day)):
        if lines and lines[-1].last + ONE_DAY == line.first and lines[-1][2:] == line[2:]:
            lines[-1] = lines[-1]._replace(last=line.last)
        else:
            lines.append(line)
    return lines


def _entries_on(calendar: WorkingCalendar, day: date) -> list[DayEntry]:
    found = [calendar.entries.get(day), calendar.proposals.get(day)]
    return [entry for entry in found if entry is not None]


def _line(day: date, entry: DayEntry, row: Any | None) -> DayLine:
    own = row is not None and not entry.estimated and (row.kind, row.confirmed) == (entry.kind, entry.confirmed)
    source = _("shipped with the programme")
    if row is not None and own:
        source = entered_words(row.changed_by, row.changed_at)
    return DayLine(
        first=day,
        last=day,
        name=_name(entry),
        kind=str(DAY_KINDS[entry.kind]),
        decision=entry.decision or "",
        state=state_words(entry),
        sure=entry.confirmed and not entry.estimated,
        source=source,
        own=own,
        is_ordinary=entry.kind is DayKind.ORDINARY,
    )


def _name(entry: DayEntry) -> str:
    if entry.kind is DayKind.SWAPPED_OFF and entry.swapped_with:
        return _("worked in exchange: %(day)s", day=long_day(entry.swapped_with))
    if entry.kind is DayKind.SWAPPED_WORK and entry.swapped_with:
        return _("off in exchange: %(day)s", day=long_day(entry.swapped_with))
    if entry.kind is DayKind.ORDINARY:
        return _("not %(name)s", name=day_name(entry.name)) if entry.name else ""
    return day_name(entry.name)


def entered_words(who: str | None, at: Any) -> str:
    """Who entered a day, and when."""
    return _("entered by %(who)s, %(at)s", who=who or _("the system"), at=write_moment(at))


def state_words(entry: DayEntry) -> str:
    """Whether a day counts, and how surely."""
    if entry.estimated:
        return _("estimated, counts")
    return _("confirmed") if entry.confirmed else _("proposed, does not count")


def warning_words(state: CalendarState) -> str:
    """What must be said of a year that cannot be relied on."""
    if state.state is YearState.MISSING:
        return _("The working calendar of %(year)s has no public holiday yet.", year=state.year)
    parts = []
    if state.estimated:
        parts.append(ngettext("%(num)s day is estimated", "%(num)s days are estimated", len(state.estimated)))
    if state.proposed:
        parts.append(ngettext("%(num)s day is proposed", "%(num)s days are proposed", len(state.proposed)))
    return _("The working calendar of %(year)s is not confirmed: %(what)s.", year=state.year, what=", ".join(parts))


# --- a change in words ------------------------------------------------------------------------------------


def change_lines(change: Change, after: Standing) -> list[tuple[str, str]]:
    """Each day of a change: the day, and what it is from now on."""
    return [(sentence(long_day(day)), sentence(_becomes(change, after, day))) for day in change.days]


def _becomes(change: Change, after: Standing, day: date) -> str:
    entry = change.put.get(day)
    if entry is not None:
        words = _said(entry)
        words = words if entry.confirmed else _("%(what)s, only proposed, does not count", what=words)
        return _("%(what)s, by %(decision)s", what=words, decision=entry.decision) if entry.decision else words
    left = after.entry_on(day)
    if left is None:
        return _("the entry is withdrawn, an ordinary day again")
    return _("the entry is withdrawn, again: %(what)s", what=f"{_said(left)} ({state_words(left)})")


def _said(entry: DayEntry) -> str:
    other = long_day(entry.swapped_with) if entry.swapped_with else ""
    match entry.kind:
        case DayKind.HOLIDAY:
            return _("day off, %(name)s", name=day_name(entry.name))
        case DayKind.DAY_IN_LIEU:
            return _("day in lieu of %(name)s", name=day_name(entry.name))
        case DayKind.SWAPPED_OFF:
            return _("swapped day off, %(day)s is worked", day=other)
        case DayKind.SWAPPED_WORK:
            return _("worked in exchange for %(day)s", day=other)
        case DayKind.ORDINARY:
            return _("an ordinary day, as its weekday says")


def why_words(change: Change, days: Sequence[date]) -> str:
    """Why a deadline moved, for its history: "Lịch làm việc: 23/11/2026 nghỉ hoán đổi … (12/QĐ-TTg)"."""
    told = [day for day in days if not _is_told_by_its_other_half(change, day, days)]
    parts = [_why(change, day) for day in told[:MOST_SAID]]
    if len(told) > MOST_SAID:
        parts.append(ngettext("%(num)s more day", "%(num)s more days", len(told) - MOST_SAID))
    return _("Working calendar: %(what)s", what="; ".join(parts))


def _is_told_by_its_other_half(change: Change, day: date, days: Sequence[date]) -> bool:
    entry = change.put.get(day)
    if entry is None or entry.swapped_with not in days:
        return False
    return entry.kind is DayKind.SWAPPED_WORK or entry.kind is DayKind.ORDINARY


def _why(change: Change, day: date) -> str:
    entry = change.put.get(day)
    if entry is None:
        return _("%(day)s, entry withdrawn", day=write_day(day))
    words = _("%(day)s %(what)s", day=write_day(day), what=_said(entry))
    return f"{words} ({entry.decision})" if entry.decision else words


def stored_words(row: Any) -> str:
    """A withdrawn entry of the office."""
    return _said(DayEntry(row.kind, row.name, row.decision, row.confirmed, swapped_with=row.swapped_with))


# --- a list from a file -----------------------------------------------------------------------------------

COLUMNS = {
    Column.DAY: _l("Day"),
    Column.KIND: _l("Kind of day"),
    Column.NAME: _l("Name"),
    Column.DECISION: _l("Number of the decision"),
    Column.OTHER: _l("Exchanged for"),
    Column.STATE: _l("State"),
}
EFFECTS = {
    Effect.NEW: _l("new"),
    Effect.CHANGED: _l("changes"),
    Effect.UNCHANGED: _l("unchanged"),
    Effect.WRONG: _l("wrong"),
}
TROUBLES = {
    Trouble.BAD_DATE: _l("“%(day)s” is not a date. Example: 20/11/2026"),
    Trouble.BAD_KIND: _l("“%(kind)s” is no kind of day that is known."),
    Trouble.BAD_OTHER: _l("The day it is exchanged for is missing or is not a date."),
    Trouble.BAD_STATE: _l("“%(state)s” is neither confirmed nor proposed."),
    Trouble.DOUBLED: _l("This day stands in the list already."),
    Trouble.NO_DECISION: _l("The number of the decision is missing."),
    Trouble.NO_NAME: _l("The name of the day is missing."),
    Trouble.REFUSED: _l("The calendar cannot take this."),
}


class RowShown(NamedTuple):
    """A row of an imported list: its number, its cells, what it does, and what is wrong with it."""

    number: int
    cells: list[tuple[str, str]]
    effect: str
    wrong: str
    is_new: bool


def row_shown(row: Row) -> RowShown:
    """One row in words."""
    wrong = ""
    if row.refusal is not None:
        wrong = _(row.refusal.message, **row.refusal.params)
    elif row.trouble is not None:
        wrong = str(TROUBLES[row.trouble]) % {column.value: typed for column, typed in row.typed.items()}
    cells = [(str(words), row.typed.get(column, "")) for column, words in COLUMNS.items()]
    return RowShown(row.number, cells, str(EFFECTS[row.effect]), wrong, row.effect in (Effect.NEW, Effect.CHANGED))

"""Deadlines in words, for pages, papers and commands alike: the chip, the line under it, the walk to the due time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pr_tracker.deadlines.labels_names import (
    BEARERS,
    CLOCKS,
    CONFIDENCES,
    EXTENSION_REASONS,
    OUTLETS,
    STOP_REASONS,
    TRIGGERS,
    WEEKDAYS,
    basis_words,
    days_words,
    hours_words,
    long_day,
    minutes_words,
    off_words,
    proposed_words,
    sentence,
    short_day,
    term_words,
    working_days_words,
)
from pr_tracker.deadlines.rules import (
    INTERNAL_KEYS,
    SHIPPED,
    ClockFace,
    Deadline,
    DeadlineEvent,
    DueTime,
    FaceState,
    RuleBook,
)
from pr_tracker.deadlines.rules_calendar import ONE_DAY, DayOff, OffReason
from pr_tracker.deadlines.rules_counting import stood_days
from pr_tracker.deadlines.rules_faces import Unit
from pr_tracker.deadlines.rules_steps import (
    Counting,
    ExtensionStep,
    FirstDayStep,
    IssueStep,
    NoRollStep,
    ProposedStep,
    ResultStep,
    RollStep,
    RuleStep,
    SameDateStep,
    SkippedStep,
    Step,
    StopStep,
    TriggerStep,
)
from pr_tracker.deadlines.rules_table import Confidence, Trigger
from pr_tracker.deadlines.rules_terms import CalendarDays, ClockHours, Term
from pr_tracker.deadlines.rules_year import CalendarEvent
from pr_tracker.office_time import office_day, write_day, write_time

EVENTS = {
    DeadlineEvent.AGENCY_TERM_SET: _l("set an internal term of an agency"),
    DeadlineEvent.PROVINCE_TERM_SET: _l("set an unconfirmed term for the province"),
    CalendarEvent.ENTER: _l("entered a day of the working calendar"),
    CalendarEvent.WITHDRAW: _l("withdrew a day of the working calendar"),
    DeadlineEvent.AGENCY_SHARES_SET: _l("set how an agency shares out its time"),
    DeadlineEvent.OFFICE_HOURS_SET: _l("set the office hours"),
    DeadlineEvent.VERSION_ADD: _l("superseded a version of a clock"),
    DeadlineEvent.VERSION_WITHDRAW: _l("withdrew a version of a clock"),
}


class ExplainedStep(NamedTuple):
    """One step of the walk: a title, a sentence or "", and rows such as (21–22/11, thứ Bảy, Chủ nhật)."""

    title: str
    text: str
    rows: tuple[tuple[str, str], ...] = ()


# The chip and the line under it


def face_words(face: ClockFace) -> str:
    """What the chip says: "Còn 3 ngày làm việc", "Hết hôm nay", "Quá hạn 2 ngày làm việc"."""
    span = _span_words(face)
    match face.state:
        case FaceState.RUNNING | FaceState.DUE_SOON:
            if face.unit is Unit.LAST_DAY:
                return _("Ends today")
            return _("%(span)s left", span=span) if span else _("No working day left")
        case FaceState.OVERDUE:
            return _("Overdue by %(span)s", span=span) if span else _("Overdue")
        case FaceState.PAUSED:
            return _("Paused, for %(span)s so far", span=span) if span else _("Paused")
        case FaceState.MET:
            return _("On time, %(span)s early", span=span) if span and face.amount else _("On time")
        case FaceState.LATE:
            return _("Late by %(span)s", span=span) if span else _("Late")


def _span_words(face: ClockFace) -> str:
    match face.unit:
        case Unit.WORKING_DAYS:
            return working_days_words(face.amount)
        case Unit.DAYS:
            return days_words(face.amount)
        case Unit.HOURS:
            return hours_words(face.amount)
        case Unit.MINUTES:
            hours, minutes = divmod(face.amount, 60)
            parts = [hours_words(hours)] if hours else []
            parts += [minutes_words(minutes)] if minutes else []
            return " ".join(parts) or _("less than a minute")
        case Unit.LAST_DAY | Unit.NOTHING:
            return ""


def exact_words(due: DueTime, *, version: str, now: datetime) -> str:
    """The line under the chip: "hạn nội bộ, hết thứ Sáu 20/11", "24 giờ, hết 12:40 hôm nay"."""
    return _("%(kind)s, %(end)s", kind=kind_words(version), end=end_words(due, now=now))


def kind_words(version: str, book: RuleBook = SHIPPED) -> str:
    """Which kind of deadline a version code stands for: internal, statutory, or so many hours.

    Hours are named for the versions in `book`; of any other it is still true that it is internal or statutory.
    """
    if version.partition("@")[0] in INTERNAL_KEYS:
        return _("internal deadline")
    by_hours = ((known, known.term.hours) for known in book.versions if isinstance(known.term, ClockHours))
    hours = next((hours for known, hours in by_hours if known.code == version), None)
    return hours_words(hours) if hours else _("statutory deadline")


def end_words(due: DueTime, *, now: datetime) -> str:
    """When it ends, near today: "hết 24:00 hôm nay", "hết 12:40 ngày mai", "hết thứ Sáu 20/11"."""
    today = office_day(now)
    day = short_day(due.day) if due.day.year == today.year else long_day(due.day)
    if due.due_at is None:
        return _("until 24:00 today") if due.day == today else _("until the end of %(day)s", day=day)
    time = write_time(due.due_at)
    if due.day == today:
        return _("until %(time)s today", time=time)
    if due.day == today + ONE_DAY:
        return _("until %(time)s tomorrow", time=time)
    return _("until %(time)s on %(day)s", time=time, day=day)


def due_words(deadline: Deadline) -> str:
    """The answer in full: "hết thứ Hai 14/12/2026", "16:30 thứ Bảy 21/11/2026", "trong số báo kế tiếp"."""
    if deadline.due_on:
        return _("the end of %(day)s", day=long_day(deadline.due_on))
    return moment_words(deadline.due_at) if deadline.due_at else _("in the next issue")


def moment_words(instant: datetime) -> str:
    """16:30 thứ Bảy 21/11/2026."""
    return _("%(time)s on %(day)s", time=write_time(instant), day=long_day(office_day(instant)))


# The walk


def explain(deadline: Deadline, *, of_case: bool = False) -> list[ExplainedStep]:
    """Every step from the article to the due time, as sentences with rows.

    `of_case`: a term in days that was neither stopped nor extended says so.
    """
    walk = [_explained(step, deadline.rule.term) for step in deadline.steps]
    if of_case and deadline.counts_days and not deadline.stops and not deadline.extensions:
        walk.insert(len(walk) - 1, ExplainedStep(_("Stops, extensions"), _("None")))
    return walk


def _explained(step: Step, term: Term) -> ExplainedStep:
    match step:
        case RuleStep():
            return ExplainedStep(_("Rule"), _rule_sentence(step))
        case TriggerStep():
            return _explained_trigger(step)
        case FirstDayStep(day):
            return ExplainedStep(_("First day counted"), sentence(long_day(day)))
        case SkippedStep(days):
            title = ngettext("%(num)s day not counted", "%(num)s days not counted", len(days))
            return ExplainedStep(title, "", off_rows(days))
        case SameDateStep():
            return _explained_same_date(step)
        case ExtensionStep():
            return _explained_extension(step, term)
        case StopStep():
            return _explained_stop(step, term)
        case RollStep():
            return _explained_roll(step)
        case NoRollStep():
            return _explained_no_roll(step)
        case IssueStep(day):
            text = _("%(day)s, as the press agency announces it.", day=long_day(day))
            return ExplainedStep(_("Next issue"), sentence(text))
        case ProposedStep():
            return _explained_proposal(step)
        case ResultStep():
            return _explained_result(step)


def _rule_sentence(rule: RuleStep) -> str:
    term = term_words(rule.term)
    parts = [_("%(clock)s: %(term)s.", clock=CLOCKS[rule.key], term=term), sentence(basis_words(rule.basis)) + "."]
    parts += [_("Who acts: %(bearer)s.", bearer=BEARERS[rule.bearer])]
    parts += [_("Here for: %(outlet)s.", outlet=OUTLETS[rule.outlet])] if rule.outlet else []
    parts += [_("The number of days is a setting of the office.")] if rule.from_setting else []
    parts.append(
        _("This term is not confirmed.")
        if rule.confidence is Confidence.UNCONFIRMED
        else _("The ground was %(confidence)s.", confidence=CONFIDENCES[rule.confidence])
    )
    first = write_day(rule.valid_from)
    if rule.valid_to:
        return " ".join([*parts, _("In force from %(first)s to %(last)s.", first=first, last=write_day(rule.valid_to))])
    return " ".join([*parts, _("In force from %(first)s.", first=first)])


def _explained_trigger(step: TriggerStep) -> ExplainedStep:
    trigger = sentence(str(TRIGGERS[step.trigger]))
    if step.counting is Counting.NAMES_THE_PERIOD:
        day = office_day(step.at)
        return ExplainedStep(
            _("Period"), f"{trigger}: {f'{day:%m/%Y}' if step.trigger is Trigger.MONTH else day.year}."
        )
    counting = {
        Counting.DAY_NOT_COUNTED: _("This day is not counted (Civil Code Art 147(2))."),
        Counting.FROM_THE_MINUTE: _("Hours run on from this minute, through nights, weekends and holidays."),
        Counting.COUNTED_BACK: _("Hours are counted back from this minute, through nights, weekends and holidays."),
        Counting.NOTHING_TO_COUNT: "",
    }[step.counting]
    return ExplainedStep(_("Starts with"), f"{trigger}: {moment_words(step.at)}. {counting}".strip())


def _explained_same_date(step: SameDateStep) -> ExplainedStep:
    day = long_day(step.same_on)
    if step.last_of_month:
        text = _("There is no such date, so the month's last day counts (Civil Code Art 148(3)): %(day)s", day=day)
        return ExplainedStep(_("Same date of the last month"), text)
    return ExplainedStep(_("Same date of the last month"), sentence(day))


def _explained_extension(step: ExtensionStep, term: Term) -> ExplainedStep:
    given = step.extension
    text = _(
        "%(reason)s, granted at %(moment)s. The last day moves from %(before)s to %(after)s.",
        reason=EXTENSION_REASONS[given.reason],
        moment=moment_words(given.granted_at),
        before=long_day(step.from_on),
        after=long_day(step.to_on),
    )
    return ExplainedStep(_("Extended by %(span)s", span=span_of(term, given.days)), sentence(text))


def _explained_stop(step: StopStep, term: Term) -> ExplainedStep:
    stop = step.stop
    since = _(
        "%(reason)s, from %(start)s until %(end)s.",
        reason=STOP_REASONS[stop.reason],
        start=moment_words(stop.from_at),
        end=moment_words(stop.until_at),
    )
    title = _("Stopped for %(span)s", span=span_of(term, step.days)) if step.days else _("Stopped")
    if step.from_on == step.to_on:
        return ExplainedStep(title, sentence(since) + " " + _("The last day stays the same."))
    kept = _(
        "%(span)s were left and are kept: the last day moves from %(before)s to %(after)s.",
        span=span_of(term, step.left),
        before=long_day(step.from_on),
        after=long_day(step.to_on),
    )
    if not step.left:
        kept = _(
            "It was stopped on its last day, which moves from %(before)s to %(after)s.",
            before=long_day(step.from_on),
            after=long_day(step.to_on),
        )
    return ExplainedStep(title, f"{sentence(since)} {sentence(kept)}", ((_range(*_ends(step)), _("not counted")),))


def _ends(step: StopStep) -> tuple[date, date]:
    """The first and the last day on which the clock stood still."""
    days = stood_days(step)
    return days[0], days[-1]


def span_of(term: Term, days: int) -> str:
    """So many days in the unit of a term: "3 ngày làm việc", "3 ngày"."""
    return days_words(days) if isinstance(term, CalendarDays) else working_days_words(days)


def _explained_roll(step: RollStep) -> ExplainedStep:
    text = _(
        "%(last)s is a day off, so the term ends with the next working day, %(day)s (Civil Code Art 148(5)).",
        last=long_day(step.from_on),
        day=long_day(step.to_on),
    )
    return ExplainedStep(_("The last day is off"), sentence(text), off_rows(step.days))


def _explained_no_roll(step: NoRollStep) -> ExplainedStep:
    text = sentence(_("%(day)s; it does not move to a later day.", day=long_day(step.last_on)))
    if step.days:
        keep = long_day(step.keep_on)
        text += " " + _("That day is off, so keep the last working day before it: %(day)s.", day=keep)
    return ExplainedStep(_("Last day allowed"), text, off_rows(step.days))


def _explained_proposal(step: ProposedStep) -> ExplainedStep:
    rows = tuple((f"{each.day:%d/%m}", proposed_words(each)) for each in step.days)
    day = long_day(step.due_on_if_confirmed)
    text = _("If it is confirmed, the due day is %(day)s.", day=day)
    if step.due_on_if_confirmed == step.due_on:
        text = _("If it is confirmed, the due day stays the same.")
    return ExplainedStep(_("Proposed, not confirmed, not applied"), text, rows)


def _explained_result(step: ResultStep) -> ExplainedStep:
    if step.due_at:
        return ExplainedStep(_("Result"), _("Ends at %(moment)s.", moment=moment_words(step.due_at)))
    if step.due_on is None:
        return ExplainedStep(_("Result"), _("In the next issue; no date follows from the trigger."))
    ends = _("To be done by 24:00 of this day.") if step.before_last else _("Ends at 24:00.")
    if step.nth:
        return ExplainedStep(_("Day %(number)s: %(day)s", number=step.nth, day=long_day(step.due_on)), ends)
    return ExplainedStep(_("Result: %(day)s", day=long_day(step.due_on)), ends)


def off_rows(days: Sequence[DayOff]) -> tuple[tuple[str, str], ...]:
    """Days off as (days, name), where days that follow each other under one name share a row."""
    runs: list[list[DayOff]] = []
    for off in days:
        if runs and _continues(runs[-1][-1], off):
            runs[-1].append(off)
        else:
            runs.append([off])
    return tuple((_range(run[0].day, run[-1].day), _run_name(run)) for run in runs)


def _continues(before: DayOff, off: DayOff) -> bool:
    def same(each: DayOff) -> tuple[object, ...]:
        return each.reason, each.name, each.estimated, each.swapped_with, each.decision

    return before.day + ONE_DAY == off.day and same(before) == same(off)


def _run_name(run: list[DayOff]) -> str:
    if run[0].reason is OffReason.WEEKEND:
        return ", ".join(str(WEEKDAYS[off.day.weekday()]) for off in run)
    return off_words(run[0])


def _range(first: date, last: date) -> str:
    if first == last:
        return f"{first:%d/%m}"
    return f"{first:%d}–{last:%d/%m}" if first.month == last.month else f"{first:%d/%m}–{last:%d/%m}"

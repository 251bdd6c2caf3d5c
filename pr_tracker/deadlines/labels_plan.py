"""Plans in words: the stages with their due times, and whose time is being used."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.deadlines.labels import end_words
from pr_tracker.deadlines.labels_names import hours_words, minutes_words, sentence, short_day, working_days_words
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_faces import ONE_MINUTE, DueTime, Unit
from pr_tracker.deadlines.rules_plan import Stage, StageName, Whereabouts, days_used
from pr_tracker.deadlines.rules_terms import Stop
from pr_tracker.office_time import office_day, write_day, write_time

STAGES = {
    StageName.DRAFT: _l("Draft"),
    StageName.AGENCY: _l("Approval in the lead agency"),
    StageName.APPROVAL: _l("Approval by the province, where needed"),
    StageName.RELEASE: _l("Release to the press"),
}
# As part of a sentence: "is using the time of …".
OF_STAGE = {
    StageName.DRAFT: _l("the draft"),
    StageName.AGENCY: _l("the approval"),
    StageName.APPROVAL: _l("the approval by the province"),
    StageName.RELEASE: _l("the release"),
}
DONE = {
    StageName.DRAFT: _l("Draft finished"),
    StageName.AGENCY: _l("Approved in the lead agency"),
    StageName.APPROVAL: _l("Approved by the province, where needed"),
    StageName.RELEASE: _l("Released to the press"),
}
GLYPHS = {
    StageName.DRAFT: "half",
    StageName.AGENCY: "three_quarters",
    StageName.APPROVAL: "done",
    StageName.RELEASE: "square",
}


class PlanLine(NamedTuple):
    """One line of the plan on a page: state is "done", "now" or "next"."""

    label: str
    note: str
    due: str
    state: str = "next"
    glyph: str = ""


def planned_lines(stages: Sequence[Stage]) -> list[PlanLine]:
    """What is to be finished by when, before anything has begun."""
    return [PlanLine(str(DONE[stage.name]), "", due_words(stage.due), glyph=GLYPHS[stage.name]) for stage in stages]


def due_words(due: DueTime) -> str:
    """The right-hand column: "15:00 04/12", or the day alone where the whole day counts."""
    return f"{write_time(due.due_at)} {due.day:%d/%m}" if due.due_at else f"{due.day:%d/%m}"


def day_words(instant: datetime, now: datetime) -> str:
    """When something was done: the day, with its year only when that is another one."""
    day = office_day(instant)
    return f"{day:%d/%m}" if day.year == office_day(now).year else write_day(day)


def before_words(due: DueTime, *, now: datetime) -> str:
    """Before when: "16:00 thứ Sáu 04/12", "11:30 hôm nay", "hết thứ Hai 14/12"."""
    if due.due_at is None:
        return end_words(due, now=now)
    if due.day == office_day(now):
        return _("%(time)s today", time=write_time(due.due_at))
    return _("%(time)s on %(day)s", time=write_time(due.due_at), day=short_day(due.day))


def length_words(stage: Stage, calendar: WorkingCalendar, stops: Sequence[Stop], *, by_hours: bool) -> str:
    """How long a stage is planned to last."""
    days = days_used(stage.starts_at, stage.due_at, calendar=calendar, stops=stops)
    if days and not by_hours:
        return working_days_words(days)
    return span_words(stage.starts_at, stage.due_at) if by_hours else _("within a day")


def span_words(start: datetime, end: datetime, calendar: WorkingCalendar | None = None) -> str:
    """How long something took: minutes, hours under a day, else working days (with a calendar) or hours."""
    minutes = max((end - start) // ONE_MINUTE, 0)
    if minutes < 60:
        return minutes_words(minutes) if minutes else _("less than a minute")
    if calendar and (days := calendar.working_days_after(office_day(start), office_day(end))):
        return working_days_words(days)
    return hours_words(minutes // 60)


def used_words(found: Whereabouts) -> str:
    """How much of the running stage is used: "đang dùng ngày thứ 2 trên 9"."""
    if found.unit is Unit.HOURS:
        if found.used > found.of:
            return _("planned for %(planned)s", planned=hours_words(found.of))
        return _("using hour %(used)s of %(of)s", used=found.used, of=found.of)
    if found.unit is Unit.LAST_DAY or found.used > found.of:
        return _("planned for %(planned)s", planned=working_days_words(found.of)) if found.of else _("within a day")
    if not found.used:
        return _("from today, %(planned)s", planned=working_days_words(found.of))
    return _("using day %(used)s of %(of)s", used=found.used, of=found.of)


def eaten_words(found: Whereabouts | None, holder: str) -> str:
    """Whose time is being used, as a sentence without its stop; "" while the running stage keeps to its own."""
    if found is None or found.eats is None:
        return ""
    stage = str(OF_STAGE[found.eats.name])
    if not found.began_late:
        return sentence(_("%(who)s is using the time of %(stage)s", who=holder, stage=stage))
    if found.stage.name is StageName.DRAFT:
        return _("Assigned late, the time of %(stage)s is being used", stage=stage)
    return _("Submitted late, the time of %(stage)s is being used", stage=stage)

"""Where the time of an inquiry is: its planned stages with their holders, what is done, whose time is being used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

import sqlalchemy as sa
from flask_babel import gettext as _

from pr_tracker.deadlines import labels_plan as words
from pr_tracker.deadlines.labels_plan import PlanLine
from pr_tracker.deadlines.queries_plan import PlanSettings, office_hours, shares_in
from pr_tracker.deadlines.rules import Deadline, DueTime
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_plan import OfficeHours, Stage, StageName, Whereabouts, eats_time, plan, where_time_is
from pr_tracker.deadlines.rules_terms import Stop
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.plan import HANDED_OVER, stages_by, stops_by_inquiry
from pr_tracker.inquiries.rules import RUNNING, WORKING, Status, running_stage
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Part, stands_since

HELD_BY_LEAD = (*WORKING, Status.IN_REVIEW)  # the statuses whose stage has a planned end of its own
BEFORE_RELEASE = (StageName.DRAFT, StageName.AGENCY, StageName.APPROVAL)


@dataclass(frozen=True)
class PlanShown:
    """The panel: its lines; by when whoever's turn it is should be done ("" where only the due time counts); whether
    that is past; whose time is being used."""

    lines: list[PlanLine]
    by: str = ""
    is_past: bool = False
    eaten: str = ""

    def task(self, task: str) -> str:
        """What is to be done, and by when."""
        if not self.by:
            return f"{task}."
        if not self.is_past:
            return _("%(task)s before %(by)s.", task=task, by=self.by)
        said = _("%(task)s, planned before %(by)s.", task=task, by=self.by)
        return f"{said} {self.eaten}." if self.eaten else said


@dataclass(frozen=True)
class Passed:
    """When each step of a case was taken; None for what has not happened, or has been undone."""

    first_assigned_at: datetime | None
    assigned_at: datetime | None
    submitted_at: datetime | None
    approved_at: datetime | None
    submitted_by: str = ""
    approved_by: str = ""
    second_at: datetime | None = None  # the leadership of UBND tỉnh approved too
    second_by: str = ""

    @classmethod
    def of(cls, inquiry: Inquiry, history: Iterable[sa.Row]) -> "Passed":
        """From the history, the newest first; a text that came back counts as not submitted."""
        rows = list(history)
        handed = [row.at for row in rows if row.event in HANDED_OVER]
        reviewed = inquiry.approved_draft_id is not None or inquiry.status is Status.IN_REVIEW
        of_version = list(takewhile(lambda row: row.event is not InquiryEvent.DRAFT, rows)) if reviewed else []
        submit = next((row for row in of_version if row.event is InquiryEvent.SUBMIT), None)
        approvals = [row for row in reversed(of_version) if row.event in _APPROVALS]
        approve, second = [*approvals, None, None][:2]
        return cls(
            first_assigned_at=handed[-1] if handed else None,
            assigned_at=handed[0] if handed else None,
            submitted_at=submit.at if submit else None,
            approved_at=approve.at if approve else None,
            submitted_by=submit.actor if submit else "",
            approved_by=approve.actor if approve else "",
            second_at=second.at if second else None,
            second_by=second.actor if second else "",
        )

    def since(self, stage: StageName) -> datetime | None:
        """When this stage was handed over."""
        if stage is StageName.RELEASE:
            return self.second_at or self.approved_at
        return {StageName.DRAFT: self.assigned_at, StageName.AGENCY: self.submitted_at}.get(stage, self.approved_at)

    def by(self, stage: StageName) -> str:
        """Who finished this stage."""
        ended_by = {StageName.DRAFT: self.submitted_by, StageName.AGENCY: self.approved_by}
        return (ended_by | {StageName.APPROVAL: self.second_by}).get(stage) or ""

    def until(self, stage: StageName) -> datetime | None:
        """When this stage was over; the second approval only where there was one."""
        ended_at = {StageName.DRAFT: self.submitted_at, StageName.AGENCY: self.approved_at}
        return (ended_at | {StageName.APPROVAL: self.second_at}).get(stage)


_APPROVALS = (InquiryEvent.ENDORSE, InquiryEvent.APPROVE)


def plan_shown(
    inquiry: Inquiry,
    history: Sequence[sa.Row],
    parts: Iterable[sa.Row],
    now: datetime,
    calendar: WorkingCalendar,
    settings: PlanSettings,
) -> PlanShown:
    """Where the time of one inquiry is, or was."""
    passed = Passed.of(inquiry, history)
    if inquiry.finished_at is not None:
        return PlanShown(_as_it_went(inquiry, passed, calendar, now))
    deadline, name = inquiry.deadline, running_stage(inquiry.status, inquiry.review_step)
    assert name is not None  # it is not over
    name = StageName.RELEASE if passed.second_at else name
    stages = stages_by(deadline, calendar, settings)
    found = where_time_is(stages, name, now=now, calendar=calendar, since=passed.since(name), stops=deadline.stops)
    stands = stands_since(inquiry.paused_at, inquiry.paused_until, now) is not None
    lines = [_assignment(inquiry, passed, now, calendar), *_parts(parts, now)]
    lines += [_line(inquiry, stage, Around(found, passed, deadline, calendar, now, stands)) for stage in stages]
    if found is None or stands:
        return PlanShown(lines)
    eaten = words.eaten_words(found, holder_of(inquiry.status, _lead(inquiry), inquiry.intake_agency.short_name))
    if inquiry.status not in HELD_BY_LEAD or found.stage is stages[-1]:
        return PlanShown(lines, eaten=eaten)
    stage = found.stage
    return PlanShown(lines, words.before_words(stage.due, now=now), now >= stage.due.ends_at, eaten)


def holder_of(status: Status, lead: str, intake: str) -> str:
    """Who holds a case in this status, as the subject of a sentence."""
    if status is Status.RECEIVED:
        return intake
    return _("The leadership of %(agency)s", agency=lead) if status is Status.IN_REVIEW else lead


def eaten_by_row(rows: Sequence[sa.Row], now: datetime, calendar: WorkingCalendar) -> dict[int, str]:
    """For the rows of a list: whose time is being used, where a stage is past its planned end."""
    running = [row for row in rows if row.finished_at is None and row.ends_at > now and row.status in RUNNING]
    if not running:
        return {}
    hours = office_hours()
    stopped = [row.id for row in running if row.was_stopped]
    stops = stops_by_inquiry(stopped) if stopped else {}
    return {row.id: said for row in running if (said := _eaten(row, now, calendar, hours, stops))}


def _eaten(
    row: sa.Row, now: datetime, calendar: WorkingCalendar, hours: OfficeHours, stops: Mapping[int, tuple[Stop, ...]]
) -> str:
    due, own_stops = DueTime(row.due_on, row.due_at, row.ends_at), stops.get(row.id, ())
    if any(stop.from_at <= now < stop.until_at for stop in own_stops):
        return ""
    name = running_stage(row.status, row.review_step)
    assert name is not None  # only what runs is asked for
    stages = plan(row.started_at, due, calendar=calendar, hours=hours, shares=shares_in(row), stops=own_stops)
    if not eats_time(stages, name, now):
        return ""
    found = where_time_is(stages, name, now=now, calendar=calendar, since=row.stage_since, stops=own_stops)
    return words.eaten_words(found, holder_of(row.status, row.lead or "", row.intake))


def _lead(inquiry: Inquiry) -> str:
    return inquiry.lead_agency.short_name if inquiry.lead_agency else ""


def _assignment(inquiry: Inquiry, passed: Passed, now: datetime, calendar: WorkingCalendar) -> PlanLine:
    """The step before the plan: it uses the draft's time."""
    agency, done_at = inquiry.intake_agency.short_name, passed.first_assigned_at
    if inquiry.status is Status.RECEIVED or done_at is None:
        waited = words.span_words(inquiry.received_at, now, calendar)
        return PlanLine(_("Assignment"), _("%(who)s, waiting for %(span)s", who=agency, span=waited), "", "now")
    took = words.span_words(inquiry.received_at, done_at, calendar)
    return PlanLine(_("Assignment"), f"{agency}, {took}", words.day_words(done_at, now), "done")


def _parts(parts: Iterable[sa.Row], now: datetime) -> list[PlanLine]:
    """The parts of coordinating agencies, which the draft waits for."""
    lines = []
    for row in parts:
        if row.part is not Part.COORDINATING or row.ends_at is None:
            continue
        if row.sent_at:
            lines.append(PlanLine(row.agency, _("its part is in"), words.day_words(row.sent_at, now), "done"))
            continue
        if now >= row.ends_at:
            note = _("its part, overdue")
        else:
            note = _("its part, by the plan of the draft") if row.due_by_plan else _("its part")
        lines.append(PlanLine(row.agency, note, words.due_words(DueTime(row.due_on, row.due_at, row.ends_at))))
    return lines


@dataclass(frozen=True)
class Around:
    """What a line of the plan is seen in."""

    found: Whereabouts | None
    passed: Passed
    deadline: Deadline
    calendar: WorkingCalendar
    now: datetime
    stands: bool


def _line(inquiry: Inquiry, stage: Stage, around: Around) -> PlanLine:
    label, found, passed = _label(stage.name, inquiry), around.found, around.passed
    since, until = passed.since(stage.name), passed.until(stage.name)
    if until is not None:
        took = words.span_words(since or inquiry.started_at, until, around.calendar)
        return PlanLine(label, _listed(passed.by(stage.name), took), words.day_words(until, around.now), "done")
    planned, holder = words.due_words(stage.due), _holder(stage.name, inquiry)
    if found is not None and found.stage is stage and inquiry.status is not Status.RECEIVED:
        used = _("the clock stands") if around.stands else words.used_words(found)
        return PlanLine(label, _listed(holder, used), planned, "now")
    if stage.name is StageName.APPROVAL and found is not None and found.stage.name is StageName.RELEASE:
        return PlanLine(label, _("the inquiry keeps no record of this step"), planned)
    by_hours = around.deadline.due_at is not None
    length = words.length_words(stage, around.calendar, around.deadline.stops, by_hours=by_hours)
    return PlanLine(label, _listed(holder, length), planned)


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _label(stage: StageName, inquiry: Inquiry) -> str:
    if stage is StageName.AGENCY and inquiry.lead_agency:
        return _("Approval by the heads of %(agency)s", agency=_lead(inquiry))
    return str(words.STAGES[stage])


def _holder(stage: StageName, inquiry: Inquiry) -> str:
    lead = _lead(inquiry) or _("the lead agency")
    if stage is StageName.DRAFT and inquiry.officer:
        return f"{inquiry.officer.full_name}, {lead}"
    if stage is StageName.APPROVAL:
        return _("leaders or spokesperson")
    return "" if stage is StageName.AGENCY else lead  # its label names the heads already


def _as_it_went(inquiry: Inquiry, passed: Passed, calendar: WorkingCalendar, now: datetime) -> list[PlanLine]:
    """A case that is over: each step with how long it took, and how it ended."""
    ended_at = inquiry.finished_at
    assert ended_at is not None
    lines = [_assignment(inquiry, passed, now, calendar)] if passed.first_assigned_at else []
    begun_at = passed.assigned_at or inquiry.received_at
    for stage in BEFORE_RELEASE:
        until = passed.until(stage)
        if until is not None:
            took = words.span_words(begun_at, until, calendar)
            note = _listed(passed.by(stage), took)
            lines.append(PlanLine(_label(stage, inquiry), note, words.day_words(until, now), "done"))
            begun_at = until
    took = words.span_words(begun_at, ended_at, calendar)
    answered = inquiry.released_at is not None
    label = str(words.STAGES[StageName.RELEASE] if answered else _ending(inquiry))
    note = f"{_holder(StageName.RELEASE, inquiry)}, {took}" if inquiry.lead_agency else took
    return [*lines, PlanLine(label, note, words.day_words(ended_at, now), "done")]


def _ending(inquiry: Inquiry) -> str:
    status = Status.REFUSED if inquiry.refusal_ground else Status.WITHDRAWN
    return str(labels.STATUS[status])

"""Pages of duties: what runs out first, what the year brought, one duty with its clock explained, and its acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pr_tracker import clock
from pr_tracker.audit.queries import entries_of
from pr_tracker.db import db, start_writing
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import ClockFace, Deadline, DueTime, FaceState, face
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.views import keep_codes
from pr_tracker.duties import actions, labels, queries
from pr_tracker.duties.documents import write_notice
from pr_tracker.duties.forms import CancelForm, DoneForm, EvidenceForm, ItemsForm, NoticeSettingsForm
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import PERIODIC_KINDS, DutyKind, DutyState, first_day_of, missing_items, state_of
from pr_tracker.duties.views_acts import (
    BOTH,
    UNPROCESSABLE,
    ActPage,
    attempt,
    may_act_on,
    reader,
    run,
    timeline_of,
)
from pr_tracker.errors import N_, NotAllowed, NotFound
from pr_tracker.office_time import office_day, office_instant, write_moment
from pr_tracker.permissions import Permission, Role
from pr_tracker.spokespersons.rules import PublicationClock
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import text_of

blueprint = Blueprint("duties", __name__)
P = Permission
FIRST_YEAR, LAST_YEAR = 2026, 2100


@dataclass(frozen=True)
class Shown:
    """A duty as a list shows it."""

    row: sa.Row
    url: str
    title: str
    face: ClockFace
    words: str
    exact: str
    state: str


def _shown(rows: Sequence[sa.Row], now: datetime, calendar: WorkingCalendar) -> list[Shown]:
    base = url_for(".index")
    return [_one_shown(row, f"{base}/{row.id}", now, calendar) for row in rows]


def _one_shown(row: sa.Row, url: str, now: datetime, calendar: WorkingCalendar) -> Shown:
    due = DueTime(row.due_on, row.due_at, row.ends_at)
    looks = face(due, now=now, calendar=calendar, statutory=True, closed_at=row.done_at)
    exact = deadline_words.exact_words(due, version=row.clock_version, now=now)
    state = state_of(row.done_at, row.cancelled_at)
    return Shown(row, url, labels.title_of(row), looks, deadline_words.face_words(looks), exact, state)


@blueprint.get("/duties")
@requires(P.DUTY_VIEW)
def index() -> str:
    """What is owed, what runs out first on top; press conferences; what the chosen year brought."""
    now, person = clock.now(), reader()
    calendar = deadlines.working_calendar()
    year = _year_asked(office_day(now))
    since, until = office_instant(date(year, 1, 1)), office_instant(date(year + 1, 1, 1))
    owed = _shown(queries.open_duties(person), now, calendar)
    provinces = [agency.id for agency in queries.provinces()]
    may_plan = queries.agencies_for(person) if person.may(P.DUTY_DO) else []
    sees_province = person.sees_all or person.agency_id in provinces
    round_the_year = _shown(queries.year_duties(provinces, since, until), now, calendar) if sees_province else []
    return render_template(
        "duties/index.html",
        labels=labels,
        title=_finding(owed),
        lede=_nearest(owed),
        overdue=[each for each in owed if each.face.state is FaceState.OVERDUE],
        coming=[each for each in owed if each.face.state is not FaceState.OVERDUE],
        conferences=queries.conferences(person, since, until),
        briefings=queries.briefings(person, since, until),
        closed=_shown(queries.closed_duties(person, since, until), now, calendar),
        months=_months(year, round_the_year, office_day(now)) if sees_province else [],
        totals=_totals(round_the_year),
        no_quarter=sees_province and not any(each.row.kind is DutyKind.QUARTERLY for each in owed),
        year=year,
        years=[each for each in (year - 1, year + 1) if FIRST_YEAR <= each <= office_day(now).year],
        may_plan=bool(may_plan),
        may_word=person.may(P.DUTY_DO) and person.agency.kind.sees_whole_province,
        now=now,
    )


def publications(decision_ids: Sequence[int], now: datetime) -> dict[int, PublicationClock]:
    """Where the publication of these decisions on spokespersons stands, by decision; for the register's pages."""
    rows = queries.publications_of(decision_ids)
    calendar = deadlines.working_calendar() if rows else None
    found = {}
    for row in rows:
        assert calendar is not None
        shown = _one_shown(row, url_for("duties.show", duty_id=row.id), now, calendar)
        words = str(labels.STATE[DutyState.CANCELLED]) if row.cancelled_at else shown.words
        found[row.decision_id] = PublicationClock(row.decision_id, shown.url, shown.face.state, words, shown.exact)
    return found


def _year_asked(today: date) -> int:
    typed = text_of("year", 4)
    asked = int(typed) if typed.isascii() and typed.isdigit() else today.year
    return asked if FIRST_YEAR <= asked <= LAST_YEAR else today.year


def _finding(owed: Sequence[Shown]) -> str:
    overdue = sum(each.face.state is FaceState.OVERDUE for each in owed)
    soon = sum(each.face.state is FaceState.DUE_SOON for each in owed)
    if overdue:
        return ngettext("%(num)d duty is overdue", "%(num)d duties are overdue", overdue)
    if soon:
        return ngettext(
            "%(num)d duty is due soon, none is overdue", "%(num)d duties are due soon, none is overdue", soon
        )
    if owed:
        return ngettext(
            "%(num)d duty is running, none is overdue", "%(num)d duties are running, none is overdue", len(owed)
        )
    return _("Nothing is owed now")


def _nearest(owed: Sequence[Shown]) -> str:
    if not owed:
        return _("What comes round opens by itself; a planned press conference or a new spokesperson starts a clock.")
    first = owed[0]
    return _("First: %(title)s, %(due)s.", title=first.title, due=first.exact)


@dataclass(frozen=True)
class Month:
    """One month of the year's picture: met, late, overdue, running, cancelled, or nothing yet."""

    number: int
    look: str
    glyph: str
    words: str
    url: str


def _months(year: int, rows: Sequence[Shown], today: date) -> list[Month]:
    known = {each.row.period: each for each in rows if each.row.kind is DutyKind.MONTHLY}
    return [_month(year, number, known.get(f"{year}-{number:02}"), today) for number in range(1, 13)]


def _month(year: int, number: int, found: Shown | None, today: date) -> Month:
    if found is None:
        first = date(year, number, 1)
        if first < first_day_of(DutyKind.MONTHLY):
            return Month(number, "none", "bar", _("before the law"), "")
        words = _("still to come") if first > today else _("not opened")
        return Month(number, "none", "dashed", words, "")
    if found.state is DutyState.CANCELLED:
        return Month(number, "none", "cross", _("cancelled"), found.url)
    look, glyph, words = {
        FaceState.MET: ("met", "check", _("on time")),
        FaceState.LATE: ("late", "triangle", _("late")),
        FaceState.OVERDUE: ("overdue", "warning", _("overdue")),
    }.get(found.face.state, ("run", "clock", _("running")))
    return Month(number, look, glyph, words, found.url)


def _totals(rows: Sequence[Shown]) -> list[tuple[str, str]]:
    """For each periodic kind: how many were done on time, of those that fell due or are done."""
    found = []
    for kind in PERIODIC_KINDS:
        own = [each for each in rows if each.row.kind is kind and each.state is not DutyState.CANCELLED]
        ended = [each for each in own if each.state is DutyState.DONE or each.face.state is FaceState.OVERDUE]
        met = sum(each.face.state is FaceState.MET for each in ended)
        words = _("%(part)s of %(whole)s on time", part=met, whole=len(ended)) if ended else _("nothing fell due yet")
        found.append((str(labels.KIND[kind]), words))
    return found


@blueprint.get("/duties/<id:duty_id>")
@requires(P.DUTY_VIEW)
def show(duty_id: int) -> str:
    """One duty: what it asks, until when and why, what shows that it is done, its history."""
    now, duty = clock.now(), queries.get_duty(duty_id, reader())
    calendar = deadlines.working_calendar()
    deadline = Deadline.from_json(duty.clock)
    due = DueTime(duty.due_on, duty.due_at, duty.ends_at)
    looks = face(due, now=now, calendar=calendar, statutory=True, closed_at=duty.done_at)
    waiting = duty.kind is DutyKind.QUARTERLY and duty.state is DutyState.OPEN
    return render_template(
        "duties/show.html",
        duty=duty,
        labels=labels,
        title=labels.title_of_duty(duty),
        face=looks,
        words=deadline_words.face_words(looks),
        end=deadline_words.end_words(due, now=now),
        answer=deadline_words.due_words(deadline),
        steps=[(step, keep_codes(text), rows) for step, text, rows in deadline_words.explain(deadline)],
        items=labels.item_words(duty.notice_items) if duty.kind is DutyKind.NOTICE else [],
        missing=missing_items(duty.notice_items) if duty.kind is DutyKind.NOTICE else 0,
        planned=queries.planned_conferences(duty.agency_id) if waiting else [],
        history=timeline_of(entries_of(duty)),
        may_do=may_act_on(duty),
        is_head=Role.HEAD in reader().roles,
        calendar_url=url_for("deadlines.calculator", key=duty.kind.value, at=write_moment(duty.trigger_at)),
    )


def _page(duty: Duty, **words: Any) -> ActPage:
    return ActPage(back=url_for(".show", duty_id=duty.id), subject=labels.title_of_duty(duty), **words)


@blueprint.route("/duties/<id:duty_id>/done", methods=BOTH)
@requires(P.DUTY_DO)
def done(duty_id: int) -> ResponseReturnValue:
    """Record that it is done, with evidence."""
    duty, form, now = _to_act(duty_id), DoneForm(), clock.now()
    if duty.kind is DutyKind.QUARTERLY:
        flash(_("Record the periodic press conference as held: that fulfils this duty."), "warning")
        return redirect(url_for(".show", duty_id=duty.id), 303)
    page = _page(
        duty,
        title=_("Record as done"),
        button=_("Record as done"),
        said=_("Recorded as done."),
        lede=str(labels.ASKS[duty.kind]),
        hints={
            "evidence": str(labels.EVIDENCE_HINT[duty.kind]),
            "done_at": _("When it was really done; now, unless you say so."),
        },
        is_open=duty.state is DutyState.OPEN,
    )
    return run(duty, form, page, lambda: _complete(duty, form, now), lambda: form.done_at.process(None, now))


def _complete(duty: Duty, form: DoneForm, now: datetime) -> None:
    assert form.done_at.data is not None
    words = (form.evidence.data or "", form.link.data or "")
    actions.complete(duty, form.done_at.data, *words, actor=reader(), now=now, seen=form.seen_version)


@blueprint.route("/duties/<id:duty_id>/evidence", methods=BOTH)
@requires(P.DUTY_DO)
def evidence(duty_id: int) -> ResponseReturnValue:
    """Correct the evidence of what is done; the time stays."""
    duty, form = _to_act(duty_id), EvidenceForm()
    page = _page(
        duty,
        title=_("Correct the evidence"),
        button=_("Save the evidence"),
        said=_("The evidence is corrected."),
        lede=_("When it was done stays as recorded; the former words stay in the history."),
        is_open=duty.state is DutyState.DONE,
    )

    def do() -> None:
        words = (form.evidence.data or "", form.link.data or "")
        actions.correct_evidence(duty, *words, actor=reader(), now=clock.now(), seen=form.seen_version)

    def fill() -> None:
        form.evidence.data, form.link.data = duty.evidence, duty.link

    return run(duty, form, page, do, fill)


@blueprint.route("/duties/<id:duty_id>/cancel", methods=BOTH)
@requires(P.DUTY_DO)
def cancel(duty_id: int) -> ResponseReturnValue:
    """Say that it is not owed, with the reason; for heads."""
    duty, form = _to_act(duty_id), CancelForm()
    actions.require_head(reader())
    page = _page(
        duty,
        title=_("Cancel the duty"),
        button=_("Cancel the duty"),
        said=_("The duty is cancelled."),
        lede=_("It stays on record with the reason."),
        is_open=duty.state is DutyState.OPEN,
    )

    def do() -> None:
        actions.cancel(duty, form.reason.data or "", actor=reader(), now=clock.now(), seen=form.seen_version)

    return run(duty, form, page, do, lambda: None)


@blueprint.route("/duties/<id:duty_id>/reopen", methods=BOTH)
@requires(P.DUTY_DO)
def reopen(duty_id: int) -> ResponseReturnValue:
    """Say that what was recorded is wrong, with the reason; for heads."""
    duty, form = _to_act(duty_id), CancelForm()
    actions.require_head(reader())
    page = _page(
        duty,
        title=_("Open it again"),
        button=_("Open it again"),
        said=_("It is owed again."),
        lede=_(
            "For a record that was wrong. It is owed by its first due time; the former record stays in the history."
        ),
        is_open=duty.state is not DutyState.OPEN,
    )

    def do() -> None:
        actions.reopen(duty, form.reason.data or "", actor=reader(), now=clock.now(), seen=form.seen_version)

    return run(duty, form, page, do, lambda: None)


@blueprint.route("/duties/<id:duty_id>/items", methods=BOTH)
@requires(P.DUTY_DO)
def items(duty_id: int) -> ResponseReturnValue:
    """Fill in the six items of a notice."""
    duty, form = _to_act(duty_id), ItemsForm()
    if duty.kind is not DutyKind.NOTICE:
        raise NotFound(N_("Only the notice of a press conference has items."))
    form.name_items(labels.item_labels(queries.notice_form().settings))
    page = _page(
        duty,
        title=_("Fill in the six items"),
        button=_("Save the items"),
        said=_("The items are saved."),
        lede=_("They stand in the letter as you write them here. What is still empty may follow later."),
        template="duties/items.html",
        is_open=duty.state is DutyState.OPEN,
    )

    def do() -> None:
        texts = [entry.data or "" for entry in form.texts]
        actions.fill_items(duty, texts, actor=reader(), now=clock.now(), seen=form.seen_version)

    def fill() -> None:
        for entry, item in zip(form.texts, duty.notice_items, strict=True):
            entry.data = item.text

    return run(duty, form, page, do, fill)


def _to_act(duty_id: int) -> Duty:
    return queries.get_duty(duty_id, reader(), to_change=request.method == "POST")


@blueprint.get("/duties/<id:duty_id>/letter.pdf")
@requires(P.DUTY_VIEW)
def letter(duty_id: int) -> Response:
    """The notice as a draft letter in PDF; it is noted who printed it. 404 for other duties."""
    now, duty = clock.now(), queries.get_duty(duty_id, reader())
    if duty.kind is not DutyKind.NOTICE:
        raise NotFound(N_("Only the notice of a press conference is a letter."))
    out = BytesIO()
    write_notice(duty, queries.notice_form().settings, out, place=current_app.config["PR_TRACKER_PLACE"], now=now)
    start_writing()  # only now: drawing takes a while, and meanwhile others write
    actions.note_letter(queries.get_duty(duty_id, reader()), actor=reader(), now=now)
    db.session.commit()
    out.seek(0)
    answer = send_file(out, "application/pdf", as_attachment=True, download_name=f"thong-bao-hop-bao-{duty_id}.pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.route("/duties/notice-form", methods=BOTH)
@requires(P.DUTY_DO)
def notice_form() -> ResponseReturnValue:
    """To whom the notice goes and what its six items are called, for the whole province."""
    if not reader().agency.kind.sees_whole_province:
        raise NotAllowed(N_("Only the provincial office words the notice."))
    stored, form = queries.notice_form(), NoticeSettingsForm()
    shipped = type(stored.settings)()
    for entry, label in zip(form.labels, labels.item_labels(shipped), strict=True):
        entry.label.text = label
    status = 200
    if request.method != "POST":
        form.addressee.data = stored.settings.addressee
        for entry, label in zip(form.labels, stored.settings.labels, strict=True):
            entry.data = label
        form.seen.data = str(stored.version)
    else:
        refusal = attempt(form, lambda: _word_notice(form))
        if refusal is None:
            flash(_("The form of the notice is saved."), "success")
            return redirect(url_for(".index"), 303)
        status = UNPROCESSABLE if refusal.http_status == 400 else refusal.http_status
        form.show(queries.notice_form().version)
    return render_template("duties/notice_form.html", form=form, addressee=labels.addressee_words(shipped)), status


def _word_notice(form: NoticeSettingsForm) -> None:
    actions.set_notice_form(form.settings(), actor=reader(), now=clock.now(), seen=form.seen_version)


@list_out(blueprint, "/duties", P.DUTY_VIEW, file_name="nhiem-vu-theo-luat")
def duties_table() -> Table:
    """What is owed and what the chosen year brought, for a spreadsheet."""
    year, now = _year_asked(office_day(clock.now())), clock.now()
    columns: list[Column] = [
        (_("What is owed"), lambda row: labels.title_of(row)),
        (_("Kind"), lambda row: labels.KIND[row.kind]),
        (_("Agency"), lambda row: row.agency),
        (_("Due"), lambda row: row.due_on or row.due_at),
        (_("State"), lambda row: labels.STATE[state_of(row.done_at, row.cancelled_at)]),
        (_("Done at"), lambda row: row.done_at),
        (_("In time"), lambda row: _in_time(row, now)),
    ]
    return of_query(f"{_('Duties of the law')}, {year}", queries.listed(reader(), *_of_year(year)), columns)


@list_out(blueprint, "/duties/conferences", P.DUTY_VIEW, file_name="hop-bao")
def conferences_table() -> Table:
    """The press conferences of the chosen year, for a spreadsheet."""
    year = _year_asked(office_day(clock.now()))
    columns: list[Column] = [
        (_("Press conference"), lambda row: row.title),
        (_("Agency"), lambda row: row.agency),
        (_("Begins at"), lambda row: row.starts_at),
        (_("Place"), lambda row: row.place),
        (_("Periodic"), lambda row: _("yes") if row.periodic else _("no")),
        (_("Held at"), lambda row: row.held_at),
        (_("Cancelled at"), lambda row: row.cancelled_at),
    ]
    query = queries.conferences_listed(reader(), *_of_year(year))
    return of_query(f"{_('Press conferences')}, {year}", query, columns)


def _of_year(year: int) -> tuple[datetime, datetime]:
    return office_instant(date(year, 1, 1)), office_instant(date(year + 1, 1, 1))


def _in_time(row: Any, now: datetime) -> str:
    if row.cancelled_at is not None:
        return ""
    if row.done_at is None:
        return _("overdue") if now >= row.ends_at else _("running")
    return _("on time") if row.done_at < row.ends_at else _("late")

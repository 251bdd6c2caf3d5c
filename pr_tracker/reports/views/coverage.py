"""Pages of who is trained, and of who should come to the next class and why."""

from collections import Counter
from datetime import date, datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.charts import Bar, Line, Look, Picture, Piece, bars, lines
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotAllowed
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions
from pr_tracker.reports import labels_training as labels
from pr_tracker.reports.documents.coverage import write_coverage
from pr_tracker.reports.queries import coverage as queries
from pr_tracker.reports.queries.classes import classes_to_come, courses_to_choose, on_rosters_to_come
from pr_tracker.reports.queries.coverage import AgencyCoverage, Coverage, count_covers, trained
from pr_tracker.reports.queries.needs import Proposal, looked_back, proposals
from pr_tracker.reports.rules_training import Cover, Reason, month_starts
from pr_tracker.spokespersons.rules_authority import RightKind
from pr_tracker.trainings.actions.naming import name_staff
from pr_tracker.trainings.actions.roster import enrol_staff
from pr_tracker.trainings.queries.invitations import classes_for, get_class_for
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import id_of, member_of

blueprint = Blueprint("coverage", __name__)
P = Permission

LOOKS = {Cover.VALID: Look.SOLID, Cover.SOON: Look.SOON, Cover.LAPSED: Look.LATE, Cover.NEVER: Look.OPEN}
COURSES_SHOWN = 6  # columns of the matrix; the workbook has them all
MONTHS_BACK = MONTHS_AHEAD = 12


@blueprint.get("/trainings/coverage")
@requires(P.TRAINING_VIEW, P.REPORT_VIEW)
def index() -> str:
    """The matrix of agencies, people and courses, and its pictures; narrowed by agency, right and state."""
    found = queries.coverage(current_user, clock.now())
    asked = {"agency": id_of("agency"), "kind": member_of("kind", RightKind), "cover": member_of("cover", Cover)}
    return render_template(
        "reports/coverage.html",
        found=found,
        title=_finding(found),
        tiles=_tiles(found.counted()),
        asked=asked,
        rows=_rows(found, asked),
        courses=found.courses[:COURSES_SHOWN],
        agency_options=[(each.id, each.short_name) for each in found.agencies],
        words=labels,
        by_kind=_by_kind(found),
        months=_months(found),
        looks=[(LOOKS[cover], words) for cover, words in labels.COVER.items()],
        **_pictures(found),
    )


@blueprint.get("/trainings/coverage.xlsx")
@requires(P.TRAINING_VIEW, P.REPORT_VIEW)
def workbook() -> Response:
    """The same as an Excel workbook, of all that the reader may look at; it is noted who took it out."""
    now = clock.now()
    found, out = queries.coverage(current_user, now), BytesIO()
    write_coverage(found, out)
    start_writing()
    actions.note_training("coverage", None, actor=current_user, now=now, people=len(found.speakers))
    db.session.commit()
    return download(out, f"do-phu-tap-huan-{found.on:%Y%m%d}.xlsx")


@blueprint.route("/trainings/needs", methods=["GET", "POST"])
@requires(P.TRAINING_VIEW, P.REPORT_VIEW)
def needs() -> ResponseReturnValue:
    """Who should come to the next class and why; a trainer puts those ticked on a roster."""
    now = clock.now()
    if request.method == "POST":
        return _put_on_roster()
    course_id, reason, person_id = id_of("course"), member_of("reason", Reason), id_of("person")
    found = proposals(current_user, now, course_id=course_id, in_full=person_id)
    shown = [one for one in found if reason is None or reason in {ground.reason for ground in one.grounds}]
    shown = [one for one in shown if person_id in (None, one.person_id)]
    classes = _open_classes(now)
    return render_template(
        "reports/needs.html",
        shown=shown,
        total=len(found),
        counted=_by_reason(found),
        span=looked_back(office_day(now)),
        course_options=[(row.id, f"{row.title} ({row.year})") for row in courses_to_choose()],
        course_id=course_id,
        reason=reason,
        person_id=person_id,
        class_id=id_of("class"),
        classes=classes,
        taken=on_rosters_to_come([row["id"] for row in classes]),
        words=labels,
        may_put=current_user.may(P.TRAINING_EDIT) or current_user.may(P.TRAINING_NOMINATE),
        may_edit=current_user.may(P.TRAINING_EDIT),
    )


def _open_classes(now: datetime) -> list[dict[str, Any]]:
    """Where people may be put from here: a trainer's classes to come, or those the reader's agency may name for."""
    if current_user.may(P.TRAINING_EDIT):
        rows = [(row.id, row.course, row.name, row.first_at) for row in classes_to_come(now)]
    elif current_user.may(P.TRAINING_NOMINATE):
        named = classes_for(current_user.agency_id, now)
        rows = [(row.id, row.title, row.name, None) for row, naming in named if naming.is_open(now)]
    else:
        rows = []
    return [dict(zip(("id", "course", "name", "first_at"), row, strict=True)) for row in rows]


def _put_on_roster() -> ResponseReturnValue:
    """Those ticked, onto the roster that was chosen; who is on it already is passed over."""
    trains = current_user.may(P.TRAINING_EDIT)
    if not (trains or current_user.may(P.TRAINING_NOMINATE)):
        raise NotAllowed(N_("Trainers put people on a roster, agencies name their own."))
    chosen = [int(raw) for raw in request.form.getlist("person") if raw.isascii() and raw.isdigit() and len(raw) < 10]
    typed = request.form.get("class", "")
    if not chosen or not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        flash(_("Tick at least one person and choose a class."), "warning")
        return redirect(url_for("coverage.needs"), 303)
    now = clock.now()
    one = get_class(int(typed)) if trains else get_class_for(int(typed), current_user.agency_id)[0]
    proposed = {each.person_id for each in proposals(current_user, now)}
    put = enrol_staff if trains else name_staff
    added = put(one, sorted(set(chosen) & proposed), actor=current_user, now=now)
    db.session.commit()
    said = ngettext("%(num)d person put on the roster.", "%(num)d people put on the roster.", len(added))
    flash(said)
    return redirect(url_for("rosters.index" if trains else "nominations.show", class_id=one.id), 303)


def _finding(found: Coverage) -> str:
    covers = found.counted()
    if not covers.total():
        return _("Nobody may speak for an agency yet")
    return _("%(part)s of %(whole)s who may speak to the press are trained", part=trained(covers), whole=covers.total())


def _tiles(covers: Counter[Cover]) -> list[dict[str, Any]]:
    tones = {Cover.SOON: "amber", Cover.LAPSED: "red"}
    return [
        {
            "label": words,
            "glyph": labels.COVER_GLYPH[cover],
            "value": covers[cover],
            "url": url_for("coverage.index", cover=cover.value, _anchor="matrix"),
            "tone": tones.get(cover) if covers[cover] else None,
        }
        for cover, words in labels.COVER.items()
    ]


def _rows(found: Coverage, asked: dict[str, Any]) -> list[tuple[AgencyCoverage, list[Any], int]]:
    """Agency by agency: those of its people that were asked for, and how many of all its people are trained."""
    rows = []
    for agency in found.agencies:
        people = [
            one
            for one in agency.speakers
            if asked["agency"] in (None, agency.id)
            and (asked["kind"] is None or asked["kind"] in one.kinds)
            and asked["cover"] in (None, one.cover(found.on))
        ]
        if people:
            rows.append((agency, people, trained(count_covers(agency.speakers, found.on))))
    return rows


def _by_kind(found: Coverage) -> list[tuple[str, Counter[Cover]]]:
    counted = [(str(words), found.counted(kind)) for kind, words in labels.KINDS.items()]
    return [(words, covers) for words, covers in counted if covers.total()]


def _months(found: Coverage) -> list[tuple[date, int]]:
    """The first of each month from 12 back to 12 ahead: how many of today's people are trained then."""
    return [(day, found.trained_on(day)) for day in month_starts(found.on, MONTHS_BACK, MONTHS_AHEAD)]


def _pictures(found: Coverage) -> dict[str, Picture]:
    total = len(found.speakers) or 1
    months = _months(found)
    shares = [round(count * 100 / total, 1) for _day, count in months]
    past = (*shares[: MONTHS_BACK + 1], *[None] * MONTHS_AHEAD)
    coming = (*[None] * MONTHS_BACK, *shares[MONTHS_BACK:])
    return {
        "picture": bars([_bar(words, covers) for words, covers in _by_kind(found)], key="kinds"),
        "run": lines(
            [Line(coming, faint=True), Line(past)],
            [f"{day:%m/%y}" for day, _count in months],
            key="months",
            words=lambda value: f"{value:.0f} %",
        ),
    }


def _bar(label: str, covers: Counter[Cover]) -> Bar:
    pieces = tuple(Piece(covers[cover], LOOKS[cover]) for cover in labels.COVER)
    return Bar(label, pieces, f"{trained(covers)}/{covers.total()}")


def _by_reason(found: list[Proposal]) -> list[tuple[Reason, str, str, int]]:
    """Each reason with its definition and how many people it speaks for."""
    counted = Counter(ground.reason for one in found for ground in one.grounds)
    return [(each, str(labels.REASON[each]), str(labels.REASON_DEFINITION[each]), counted[each]) for each in Reason]


def download(out: BytesIO, name: str) -> Response:
    """A file to keep, that no cache between keeps; its kind is that of its name."""
    out.seek(0)
    answer = send_file(out, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

"""The roll call of a session: one mark by script, all marks by form, closing, corrections, the sheet on paper."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.office_time import write_moment, write_time
from pr_tracker.permissions import Permission
from pr_tracker.trainings import documents
from pr_tracker.trainings.actions import roll as actions
from pr_tracker.trainings.forms.roll import CorrectionForm
from pr_tracker.trainings.labels import MARK_LOOKS, MARKS, SHORT_MARKS
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.queries import roll as queries
from pr_tracker.trainings.queries.plan import get_session, number_of
from pr_tracker.trainings.queries.roster import get_participant
from pr_tracker.trainings.rules_roll import LONGEST_REMARK, Mark, MarkedMeanwhile, MarkNow
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("rollcall", __name__)
P = Permission
Sent = dict[int, tuple[Mark, str, int]]


@blueprint.get("/trainings/sessions/<id:session_id>")
@requires(P.TRAINING_VIEW)
def show(session_id: int) -> str:
    """The roll call: everybody by given name, with the marks of the sessions before."""
    return _page(get_session(session_id))


@blueprint.post("/trainings/sessions/<id:session_id>")
@requires(P.TRAINING_EDIT)
def save(session_id: int) -> ResponseReturnValue:
    """Save the whole form, for readers without scripts: only what was changed here is sent on."""
    session = get_session(session_id)
    sent = _sent_marks()
    saved = actions.mark_many(session, sent, **_acting())
    db.session.commit()
    left = [participant for participant in sent if participant not in saved]
    if left:
        return _page(session, contested={participant: sent[participant] for participant in left}), 409
    flash(ngettext("%(num)d mark saved.", "%(num)d marks saved.", len(saved)) if saved else _("Nothing was changed."))
    return redirect(url_for(".show", session_id=session.id), 303)


@blueprint.post("/trainings/sessions/<id:session_id>/marks/<id:participant_id>")
@requires(P.TRAINING_EDIT)
def mark(session_id: int, participant_id: int) -> ResponseReturnValue:
    """One mark, for the script: what was saved, or 409 with the mark as it stands and who made it."""
    session, participant = get_session(session_id), get_participant(participant_id)
    chosen, remark = _mark_of("mark"), _remark_of("remark")
    version = request.form.get("version", type=int)
    if chosen is None or version is None:
        raise BadInput(N_("Choose a mark."))
    now = clock.now()
    try:
        row = actions.mark(session, participant, chosen, remark, version=version, actor=current_user, now=now)
        db.session.commit()
    except (MarkedMeanwhile, StepNotAllowed) as refusal:
        db.session.rollback()
        stands = queries.mark_now(session_id, participant_id)
        message = say(refusal) if isinstance(refusal, StepNotAllowed) else _who_marked(stands)
        return jsonify(**_as_json(stands), message=message, counts=queries.counts_of(session)), 409
    return jsonify(version=row.version, time=write_time(now), counts=queries.counts_of(session))


@blueprint.get("/trainings/sessions/<id:session_id>/state")
@requires(P.TRAINING_VIEW)
def state(session_id: int) -> Response:
    """All marks as they stand, for the pages of those who call the roll at the same time."""
    session = get_session(session_id)
    rows = {str(participant): _as_json(stands) for participant, stands in queries.marks_now(session_id).items()}
    return jsonify(rows=rows, counts=queries.counts_of(session))


@blueprint.route("/trainings/sessions/<id:session_id>/close", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def close(session_id: int) -> ResponseReturnValue:
    """End the roll call: asks once more for everybody who has no mark yet."""
    session = get_session(session_id)
    problem, status = None, 200
    sent: Sent = {}
    if request.method == "POST":
        sent = _sent_marks()
        version = request.form.get("version", type=int) or 0
        try:
            actions.mark_many(session, sent, **_acting())
            actions.close_session(session, version=version, **_acting())
            db.session.commit()
            flash(_("The session is closed. From now on a mark is corrected with a reason."))
            return redirect(url_for(".show", session_id=session_id), 303)
        except (BadInput, ChangedMeanwhile) as refusal:
            db.session.rollback()
            problem, status = say(refusal), 422
    roll = queries.roll_of(session)
    page = render_template(
        "trainings/close.html",
        session=session,
        training_class=session.training_class,
        number=number_of(session),
        unmarked=[row for row in roll if row.mark is None],
        counts=queries.counts_of(session),
        problem=problem,
        sent={participant: chosen.value for participant, (chosen, _remark, _version) in sent.items()},
        **_looks(),
    )
    return page, status


@blueprint.route("/trainings/sessions/<id:session_id>/marks/<id:participant_id>/correct", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def correct(session_id: int, participant_id: int) -> ResponseReturnValue:
    """Correct one mark after the session was closed."""
    session, participant = get_session(session_id), get_participant(participant_id)
    stands = queries.mark_now(session_id, participant_id)
    form = CorrectionForm(mark=stands.mark, remark=stands.remark, version=stands.version)
    status = 200
    if form.is_submitted():
        version = form.version.data if form.version.data is not None else -1
        status = attempt(
            form,
            lambda: actions.correct_mark(
                session,
                participant,
                form.mark.data,
                form.remark.data or "",
                form.reason.data,
                version=version,
                **_acting(),
            ),
        )
        if status == 200:
            flash(_("The mark is corrected; the reason is on record."))
            return redirect(url_for(".show", session_id=session_id), 303)
        if status == 409:
            stands = queries.mark_now(session_id, participant_id)
            form.version.data, form.version.raw_data = stands.version, None
    page = render_template(
        "trainings/correct.html",
        form=form,
        session=session,
        training_class=session.training_class,
        participant=participant,
        said=_who_marked(stands) if stands.mark else None,
    )
    return page, status


@blueprint.get("/trainings/sessions/<id:session_id>/sheet.pdf")
@requires(P.TRAINING_VIEW)
def sheet(session_id: int) -> Response:
    """The attendance sheet: empty for signing, or with the marks (`marks=yes`; once closed they stand there)."""
    start_writing()
    session = get_session(session_id)
    asked = request.args.get("marks")
    filled = asked == "yes" if asked in ("yes", "no") else session.closed_at is not None
    out = BytesIO()
    documents.write_sheet(session, out, place=current_app.config["PR_TRACKER_PLACE"], filled=filled)
    actions.note_sheet(session, filled=filled, **_acting())
    db.session.commit()
    answer = Response(out.getvalue(), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"inline; filename=diem-danh-{session_id}.pdf"
    return answer


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _looks() -> dict[str, Any]:
    options = [(mark.value, str(SHORT_MARKS[mark]), *MARK_LOOKS[mark]) for mark in Mark]
    return {"options": options, "words": SHORT_MARKS, "looks": MARK_LOOKS}


def _page(session: ClassSession, contested: Sent | None = None) -> str:
    roll = queries.roll_of(session)
    number = number_of(session)
    gone = set(contested or {}) - {row.id for row in roll}
    counts: dict[Any, int] = {}
    for row in roll:
        counts[row.mark] = counts.get(row.mark, 0) + 1
    only_unmarked = request.args.get("show") == "unmarked" and not contested
    return render_template(
        "trainings/rollcall.html",
        session=session,
        training_class=session.training_class,
        number=number,
        roll=[row for row in roll if row.mark is None] if only_unmarked else roll,
        everybody=len(roll),
        counts=queries.count_marks(counts),
        earlier=queries.earlier_marks(session),
        only_unmarked=only_unmarked,
        contested={participant: sent for participant, sent in (contested or {}).items() if participant not in gone},
        gone=len(gone),
        may_mark=current_user.may(P.TRAINING_EDIT) and session.closed_at is None,
        who_marked=lambda row: _who_marked(
            MarkNow(row.mark, row.remark, row.version, row.by_name or "", row.marked_at)
        ),
        longest_remark=LONGEST_REMARK,
        **_looks(),
    )


def _mark_of(name: str) -> Mark | None:
    try:
        return Mark(request.form.get(name, ""))
    except ValueError:
        return None


def _remark_of(name: str) -> str:
    return str(tidy(request.form.get(name, "")))[:LONGEST_REMARK]


def _sent_marks() -> Sent:
    """By participant: mark, remark and version of each row that the sender changed; untouched rows are left out."""
    sent: Sent = {}
    for name in request.form:
        key = name.removeprefix("mark-")
        if key == name or not key.isascii() or not key.isdigit() or len(key) > 9:
            continue
        chosen, remark = _mark_of(name), _remark_of(f"remark-{key}")
        version = request.form.get(f"version-{key}", type=int)
        before = (request.form.get(f"was-{key}", ""), tidy(request.form.get(f"noted-{key}", "")))
        if chosen is not None and version is not None and (chosen.value, remark) != before:
            sent[int(key)] = (chosen, remark, version)
    return sent


def _as_json(stands: MarkNow) -> dict[str, Any]:
    return {"mark": stands.mark.value if stands.mark else "", "remark": stands.remark, "version": stands.version}


def _who_marked(stands: MarkNow) -> str:
    """Trần Văn A ghi “Vắng” lúc 15:41 25/11/2026."""
    if stands.mark is None or stands.at is None:
        return _("This row has no mark.")
    name = stands.by_name or _("The system")
    return _(
        "%(name)s marked “%(mark)s” at %(moment)s.", name=name, mark=MARKS[stands.mark], moment=write_moment(stands.at)
    )

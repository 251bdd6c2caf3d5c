"""The roll call of a session: one mark by script, all marks by form, closing, corrections, the sheet on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.office_time import write_moment, write_time
from pr_tracker.permissions import Permission
from pr_tracker.trainings import documents
from pr_tracker.trainings.actions import roll as actions
from pr_tracker.trainings.forms.roll import CorrectionForm
from pr_tracker.trainings.labels import MARK_LOOKS, MARKS, SHORT_MARKS, SOURCES
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.queries import roll as queries
from pr_tracker.trainings.queries.plan import get_class, get_session, number_of
from pr_tracker.trainings.queries.plan_class import venues_of
from pr_tracker.trainings.queries.roster import get_participant, roster_of
from pr_tracker.trainings.rules_roll import ATTENDED, LONGEST_REMARK, Mark, MarkNow, Source, row_code, unless_apologised
from pr_tracker.web.access import public, requires
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy
from pr_tracker.web.lists import Column, Table, list_out, of_rows
from pr_tracker.web.parameters import LARGEST_ID, id_of, member_of, text_of
from pr_tracker.web.views_saving import attempt


@dataclass(frozen=True)
class Shown:
    """Which rows of the roll call are shown; the others lie hidden in the page, for the script."""

    unmarked: bool = False
    venue: int | None = None

    def shows(self, row: Any) -> bool:
        """Whether a row is shown."""
        return not (self.unmarked and row.mark) and self.venue in (None, row.venue_id)


blueprint = Blueprint("rollcall", __name__)
P = Permission
Sent = dict[int, tuple[Mark, str, int]]
TOGETHER = timedelta(minutes=10)  # whoever marked since then is calling the roll as well
MOST_ENTRIES = 1000


@blueprint.get("/trainings/classes/<id:class_id>/roll")
@requires(P.TRAINING_VIEW)
def overview(class_id: int) -> str:
    """All roll calls of a class side by side: who attended how many of its sessions."""
    one = get_class(class_id)
    sessions, marked = queries.class_roll(class_id)
    return render_template(
        "trainings/class_roll.html",
        training_class=one,
        sessions=sessions,
        roster=roster_of(class_id),
        marks=marked,
        attended={who: sum(mark in ATTENDED for mark in of.values()) for who, of in marked.items()},
        may_edit=current_user.may(P.TRAINING_EDIT),
        **_looks(),
    )


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
    if request.form.get("rest") == "present":
        sent |= _the_rest(session, sent)
    saved = actions.mark_many(session, sent, **_acting())
    db.session.commit()
    left = [participant for participant in sent if participant not in saved]
    if left:
        return _page(session, contested={participant: sent[participant] for participant in left}), 409
    flash(ngettext("%(num)d mark saved.", "%(num)d marks saved.", len(saved)) if saved else _("Nothing was changed."))
    return redirect(url_for(".show", session_id=session.id), 303)


@blueprint.post("/trainings/sessions/<id:session_id>/marks")
@requires(P.TRAINING_EDIT)
def marks(session_id: int) -> ResponseReturnValue:
    """Marks that waited on a device, for the script: each row as it stands now, and whether it is what was sent."""
    session, (person, entries), now = get_session(session_id), _entries(), clock.now()
    if person != current_user.id:  # somebody else signed in since: nobody's marks go under another name
        return jsonify(other=True, message=_("Somebody else is signed in now.")), 409
    try:
        saved = actions.mark_many(session, entries, actor=current_user, now=now)
        db.session.commit()
    except StepNotAllowed as refusal:
        db.session.rollback()
        return jsonify(message=say(refusal)), 409
    stand = queries.marks_now(session_id, list(entries))
    rows = {
        str(participant): _as_json(stand.get(participant, MarkNow()))
        | {"saved": participant in saved, "said": "" if participant in saved else _why_not(stand, participant, entries)}
        for participant in entries
    }
    return jsonify(rows=rows, time=write_time(now), counts=queries.counts_of(session))


@blueprint.get("/trainings/sessions/<id:session_id>/state")
@requires(P.TRAINING_VIEW)
def state(session_id: int) -> Response:
    """Marks as they stand, all or those made `since` (minutes of the clock), for pages that call the roll together."""
    session, now = get_session(session_id), clock.now()
    minute, asked = int(now.timestamp()) // 60, id_of("since")
    since = datetime.fromtimestamp(60 * min(asked, minute), UTC) if asked else None
    rows = {str(one): _as_json(stands) for one, stands in queries.marks_now(session_id, since=since).items()}
    return jsonify(
        rows=rows,
        counts=queries.counts_of(session),
        since=minute - 1,
        others=queries.marking_now(session_id, now - TOGETHER, current_user.id),
        closed=session.closed_at is not None,
        person=current_user.id,
        token=generate_csrf(),
    )


@blueprint.get("/trainings/sessions/worker.js")
@public
def worker() -> Response:
    """The service worker that opens a roll call without network; it lies here to reach the pages beside it."""
    return send_from_directory(str(current_app.static_folder), "js/rollcall_worker.js", max_age=0)


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
        remarks={participant: remark for participant, (_chosen, remark, _version) in sent.items()},
        longest_remark=LONGEST_REMARK,
        **_looks(),
    )
    return page, status


@blueprint.route("/trainings/sessions/<id:session_id>/marks/<id:participant_id>/correct", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def correct(session_id: int, participant_id: int) -> ResponseReturnValue:
    """Correct one mark after the session was closed."""
    session, participant = get_session(session_id), get_participant(participant_id)
    stands = queries.mark_now(session_id, participant_id)
    meant, remark = member_of("mark", Mark) or stands.mark, text_of("remark", LONGEST_REMARK) or stands.remark
    form = CorrectionForm(mark=meant, remark=remark, version=stands.version)
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
        history=queries.history_of(session, participant),
        words=MARKS,
        sources=SOURCES,
    )
    return page, status


@blueprint.get("/trainings/sessions/<id:session_id>/sheet.pdf")
@requires(P.TRAINING_VIEW)
def sheet(session_id: int) -> Response:
    """The attendance sheet: empty for signing, or with the marks (`marks=yes`, or once closed); of a `venue`."""
    session = get_session(session_id)
    asked = request.args.get("marks")
    filled = asked == "yes" if asked in ("yes", "no") else session.closed_at is not None
    out = BytesIO()
    venue = next((each for each in venues_of(session.class_id) if each.id == id_of("venue")), None)
    of = (venue.id, venue.name) if venue else None
    documents.write_sheet(session, out, place=current_app.config["PR_TRACKER_PLACE"], filled=filled, venue=of)
    start_writing()  # only now: drawing takes a while, and meanwhile others write
    actions.note_sheet(session, filled=filled, **_acting())
    db.session.commit()
    answer = Response(out.getvalue(), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"inline; filename=diem-danh-{session_id}.pdf"
    return answer


def _the_rest(session: ClassSession, sent: Sent) -> Sent:
    """Whoever has no mark yet: present, or excused with their reason if they apologised in advance."""
    venue = request.form.get("venue", type=int)
    left = [row for row in queries.roll_of(session) if row.mark is None and row.id not in sent]
    left = [row for row in left if venue in (None, row.venue_id)]
    return {row.id: (*unless_apologised(row.apology), 0) for row in left}


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
    shown = Shown(request.args.get("show") == "unmarked" and not contested, id_of("venue") if not contested else None)
    return render_template(
        "trainings/rollcall.html",
        session=session,
        training_class=session.training_class,
        number=number,
        roll=roll,
        hidden={row.id for row in roll if not shown.shows(row)},
        shown=shown,
        venues=venues_of(session.class_id),
        resting=sum(row.mark is None for row in roll),
        counts=queries.count_marks(counts),
        earlier=queries.earlier_marks(session),
        contested={participant: sent for participant, sent in (contested or {}).items() if participant not in gone},
        gone=len(gone),
        may_mark=current_user.may(P.TRAINING_EDIT) and session.closed_at is None and session.cancelled_at is None,
        who_marked=lambda row: _who_marked(_as_it_stands(row)),
        longest_remark=LONGEST_REMARK,
        marks_in_words={mark.value: str(words) for mark, words in SHORT_MARKS.items()},
        **_looks(),
    )


def _entries() -> tuple[Any, Sent]:
    """What a device sent: whose it is, and by participant mark, remark, version. Raises BadInput for anything else."""
    sent = request.get_json(silent=True)
    listed = sent.get("entries") if isinstance(sent, dict) else None
    try:
        if sent is None or not isinstance(listed, list) or len(listed) > MOST_ENTRIES:
            raise ValueError
        return sent["person"], dict(_entry(one) for one in listed)
    except (KeyError, TypeError, ValueError):
        raise BadInput(N_("Choose a mark.")) from None


def _entry(one: Any) -> tuple[int, tuple[Mark, str, int]]:
    row, version = one["row"], one["version"]
    if type(row) is not int or type(version) is not int or not 0 < row <= LARGEST_ID:
        raise ValueError
    return row, (Mark(one["mark"]), str(tidy(str(one["remark"])))[:LONGEST_REMARK], version)


def _why_not(stand: dict[int, MarkNow], participant: int, entries: Sent) -> str:
    stands = stand.get(participant, MarkNow())
    is_gone = stands.version == entries[participant][2]
    return _("This person was taken off the roster.") if is_gone else _who_marked(stands)


def _mark_of(name: str) -> Mark | None:
    try:
        return Mark(request.form.get(name, ""))
    except ValueError:
        return None


def _remark_of(name: str) -> str:
    return str(tidy(request.form.get(name, "")))[:LONGEST_REMARK]


def _as_it_stands(row: Any) -> MarkNow:
    return MarkNow(row.mark, row.remark or "", row.version, row.by_name or "", row.marked_at, row.source or Source.ROLL)


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
    facts = {"mark": MARKS[stands.mark], "moment": write_moment(stands.at)}
    if stands.source is Source.SELF:
        said = _("Checked in on the phone, “%(mark)s” at %(moment)s.", **facts)
    else:
        said = _("%(name)s marked “%(mark)s” at %(moment)s.", name=stands.by_name or _("The system"), **facts)
    return said + (" " + _("Remark: %(remark)s", remark=stands.remark) if stands.remark else "")


@list_out(blueprint, "/trainings/classes/<id:class_id>/roll", P.TRAINING_VIEW, file_name="diem-danh")
def attendance_table(class_id: int) -> Table:
    """All roll calls of a class side by side, for a spreadsheet."""
    one = get_class(class_id)
    sessions, marked = queries.class_roll(class_id)

    def mark_in(session_id: int) -> Callable[[Any], Any]:
        return lambda row: MARKS[mark] if (mark := marked.get(row.id, {}).get(session_id)) else ""

    columns: list[Column] = [
        (_("Code"), lambda row: row_code(row.number)),
        (_("Full name"), lambda row: row.full_name),
        (_("Agency"), lambda row: row.agency_name),
        *((f"{write_moment(each.starts_at)} {each.topic}", mark_in(each.id)) for each in sessions),
        (_("Attended"), lambda row: sum(mark in ATTENDED for mark in marked.get(row.id, {}).values())),
        (_("Sessions"), lambda row: len(sessions)),
    ]
    return of_rows(f"{_('Roll call')}: {one.course.title}, {one.name}", roster_of(class_id), columns)

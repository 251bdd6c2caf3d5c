"""The trainer's side of arrival: the code on the projector, scanning personal codes at the door, walk-ins."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.audit.actions import take_turn
from pr_tracker.db import db
from pr_tracker.office_time import write_time
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import arrival as actions
from pr_tracker.trainings.forms.roster import EntryForm
from pr_tracker.trainings.labels import MARKS, SOURCES
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries import arrival as queries
from pr_tracker.trainings.queries.plan import agencies_to_choose, get_session, number_of
from pr_tracker.trainings.queries.roster import get_by_token, known_on_roster
from pr_tracker.trainings.rules_arrival import (
    WINDOW_SECONDS,
    Arrival,
    CheckInRefused,
    Refusal,
    in_groups,
    require_open,
    screen_code,
    window_of,
)
from pr_tracker.trainings.rules_roll import Source, row_code
from pr_tracker.trainings.rules_roster import doubt_about
from pr_tracker.trainings.views.arrival import screen_key, times
from pr_tracker.web.access import requires, wants_json
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy
from pr_tracker.web.qr import qr_path

blueprint = Blueprint("doors", __name__)
P = Permission
WINDOWS_SENT = 6  # two minutes on the projector without the network
CAMERA = "camera=(self), microphone=(), geolocation=()"
ADMITTED = (Refusal.WAITING, Refusal.OFF_ROSTER)


@dataclass(frozen=True)
class Outcome:
    """What came of a code at the door: yes with the person, or no with the reason and what may be done all the same."""

    words: str
    one: Participant | None = None
    arrival: Arrival | None = None
    refused: CheckInRefused | None = None

    @property
    def offer(self) -> tuple[str, str, str] | None:
        """Field, value and words of the button that records them all the same."""
        if self.refused is None or self.one is None:
            return None
        if self.refused.reason is Refusal.MARKED:
            return "over", str(self.refused.version), _("Record as present all the same")
        return ("admit", "yes", _("Give a place and record")) if self.refused.reason in ADMITTED else None


@blueprint.get("/trainings/sessions/<id:session_id>/screen")
@requires(P.TRAINING_EDIT)
def screen(session_id: int) -> str:
    """The page for the projector: the code to scan, to type, the tally, the way without a phone."""
    session = get_session(session_id)
    return render_template(
        "trainings/screen.html",
        session=session,
        training_class=session.training_class,
        number=number_of(session),
        state=_state(session, after=0),
        address=_base().partition("://")[2] + url_for("arrivals.enter"),
        seconds=WINDOW_SECONDS,
    )


@blueprint.get("/trainings/sessions/<id:session_id>/screen/state")
@requires(P.TRAINING_EDIT)
def screen_state(session_id: int) -> Response:
    """The codes of the next windows (after the one that is known already) and the tally, for the script."""
    after = request.args.get("after", "")
    known = int(after) if after.isascii() and after.isdigit() and len(after) < 15 else 0
    return jsonify(_state(get_session(session_id), after=known))


@blueprint.route("/trainings/sessions/<id:session_id>/door", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def door(session_id: int) -> ResponseReturnValue:
    """Record whose personal QR is scanned, or whose code is typed."""
    session = get_session(session_id)
    if request.method == "GET":
        return _door_page(session)
    typed = str(tidy(request.form.get("code", "")))[:300]
    outcome = _record(session, typed)
    if wants_json():
        return jsonify(_as_json(session, outcome)), 409 if outcome.refused else 200
    if outcome.refused:
        return _door_page(session, typed, outcome), 409
    flash(outcome.words)
    return redirect(url_for("doors.door", session_id=session_id), 303)


@blueprint.route("/trainings/sessions/<id:session_id>/door/walk-in", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def walk_in(session_id: int) -> ResponseReturnValue:
    """Add somebody who came without being invited; who may be on the roster already is asked about first."""
    session = get_session(session_id)
    form = EntryForm()
    status, doubt, refused = 200, None, None
    if form.is_submitted():
        status = 200 if form.validate() else 422
        if status == 200 and request.form.get("despite") != "yes":
            take_turn()
            doubt = doubt_about(form.entry(), known_on_roster(session.class_id))
            status = 409 if doubt else 200
        if status == 200:
            try:
                one, arrival = actions.walk_in(session, form.entry(), **_acting(), times=times())
                db.session.commit()
                flash(_welcomed(one, arrival))
                return redirect(url_for("doors.door", session_id=session_id), 303)
            except CheckInRefused as problem:
                db.session.rollback()
                status, refused = 409, problem
    page = render_template(
        "trainings/walk_in.html",
        form=form,
        session=session,
        training_class=session.training_class,
        number=number_of(session),
        agencies=agencies_to_choose(),
        doubt=doubt,
        refused=say(refused) if refused else None,
    )
    return page, status


@blueprint.get("/trainings/arrivals/<token>")
@requires(P.TRAINING_EDIT)
def recognise(token: str) -> str:
    """A trainer's phone has opened somebody's personal QR: record them in the session that is on."""
    one = get_by_token(token)
    return render_template(
        "trainings/recognise.html",
        one=one,
        training_class=one.training_class,
        open_sessions=[
            (number, session, queries.find_arrival(session.id, one.id))
            for number, session in queries.open_sessions_of(one.class_id, clock.now(), times().opens_before)
        ],
    )


def _acting() -> dict[str, Any]:
    return {"actor": current_user._get_current_object(), "now": clock.now()}


def _base() -> str:
    return current_app.config["PR_TRACKER_PUBLIC_URL"] or request.host_url.rstrip("/")


def _state(session: ClassSession, after: int) -> dict[str, Any]:
    """What the projector needs: the time, why there is no code or the codes, and how many are there."""
    now = clock.now()
    arrived, expected = queries.tally_of(session)
    state = {"now": int(now.timestamp() * 1000), "arrived": arrived, "expected": expected, "codes": [], "closed": ""}
    try:
        require_open(queries.hours_of(session), now, times().opens_before)
    except CheckInRefused as refused:
        return state | {"closed": say(refused)}
    first = max(window_of(now), after + 1)
    return state | {"codes": [_code(session.id, window) for window in range(first, window_of(now) + WINDOWS_SENT)]}


def _code(session_id: int, window: int) -> dict[str, Any]:
    code = screen_code(screen_key(), session_id, window)
    path, size = qr_path(_base() + url_for("arrivals.scanned", code=code.scanned))
    return {"window": window, "path": path, "size": size, "typed": in_groups(code.typed)}


def _record(session: ClassSession, typed: str) -> Outcome:
    """Find who is meant, do as asked, commit; or say why not."""
    one = queries.find_at_the_door(session, typed)
    try:
        if one is None:
            raise _nobody(session, typed)
        if request.form.get("admit") == "yes":
            actions.admit(one, **_acting())
        over = request.form.get("over", 0, type=int)
        arrival = actions.check_in(session, one, Source.SCAN, **_acting(), times=times(), over=over)
        db.session.commit()
    except CheckInRefused as refused:
        db.session.rollback()
        return Outcome(say(refused), one, refused=refused)
    return Outcome(_welcomed(one, arrival), one, arrival)


def _nobody(session: ClassSession, typed: str) -> CheckInRefused:
    other = queries.find_class_of_link(typed) or queries.find_other_class(session, typed)
    own = session.training_class.name
    if other is not None and other.id != session.class_id:
        return CheckInRefused(Refusal.OTHER_CLASS, typed=typed[-40:], other=other.name, own=own)
    return CheckInRefused(Refusal.UNKNOWN, typed=typed[-40:])


def _welcomed(one: Participant, arrival: Arrival) -> str:
    said = {"code": row_code(one.number), "name": one.full_name, "time": write_time(arrival.at)}
    if not arrival.is_new:
        return _("%(code)s %(name)s was recorded already, at %(time)s.", **said)
    return _("%(code)s %(name)s: %(mark)s, at %(time)s.", **said, mark=str(MARKS[arrival.mark]).lower())


def _as_json(session: ClassSession, outcome: Outcome) -> dict[str, Any]:
    arrived, expected = queries.tally_of(session)
    one, offer = outcome.one, outcome.offer
    return {
        "words": outcome.words,
        "who": ", ".join(filter(None, (one.title, one.agency_name))) if one else "",
        "new": bool(outcome.arrival and outcome.arrival.is_new),
        "offer": dict(zip(("field", "value", "words"), offer, strict=True)) if offer else None,
        "arrived": arrived,
        "expected": expected,
    }


def _door_page(session: ClassSession, typed: str = "", outcome: Outcome | None = None) -> Response:
    arrived, expected = queries.tally_of(session)
    page = render_template(
        "trainings/door.html",
        session=session,
        training_class=session.training_class,
        number=number_of(session),
        typed=typed,
        outcome=outcome,
        offer=outcome.offer if outcome else None,
        last=queries.last_arrivals(session.id),
        arrived=arrived,
        expected=expected,
        marks=MARKS,
        sources=SOURCES,
        may_record=session.closed_at is None and session.cancelled_at is None,
    )
    response = current_app.make_response(page)
    response.headers["Permissions-Policy"] = CAMERA
    return response

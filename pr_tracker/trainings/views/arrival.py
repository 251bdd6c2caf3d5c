"""Checking in by oneself: the code on the screen, then the personal code, then a clear yes or no. No account needed.

Whoever has shown a good code holds a ticket for three minutes, in the signed session of their browser. The browser also
keeps who checked in to a class, so that the next session asks for one touch only.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app, make_response, render_template, request, session, url_for
from flask import after_this_request as after_this
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.limits import note_failure, too_many_failures
from pr_tracker.db import db
from pr_tracker.office_time import write_time
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions.arrival import check_in as record_arrival
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries import arrival as queries
from pr_tracker.trainings.queries.plan import get_session, number_of
from pr_tracker.trainings.rules_arrival import (
    TICKET,
    WRONG_CODES,
    Arrival,
    CheckInRefused,
    Refusal,
    Times,
    require_open,
    session_scanned,
    session_typed,
    ticket_until,
)
from pr_tracker.trainings.rules_invitations import Offer
from pr_tracker.trainings.rules_roll import Mark, Source
from pr_tracker.web.access import public
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy
from pr_tracker.web.parameters import text_of

blueprint = Blueprint("arrivals", __name__)
REMEMBERED = timedelta(days=60)
STATUSES = {Refusal.FOREIGN: 404, Refusal.EXPIRED: 410, Refusal.TICKET_OVER: 410, Refusal.TOO_MANY: 429}
TICKET_NAME = "arriving"


@blueprint.after_request
def _keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/arrive")
@public
def enter() -> ResponseReturnValue:
    """Type the six letters that stand beside the code on the screen."""
    typed, now = text_of("code", 40), clock.now()
    if not typed:
        return render_template("trainings/arrive_enter.html")
    try:
        on_screens = queries.sessions_on_screens(now, times().opens_before)
        return _welcome(session_typed(screen_key(), typed, on_screens, now), now)
    except CheckInRefused as refused:
        return _refused(refused)


@blueprint.get("/arrive/<code>")
@public
def scanned(code: str) -> ResponseReturnValue:
    """What the code on the screen leads to: who are you?"""
    now = clock.now()
    try:
        return _welcome(session_scanned(screen_key(), code, now), now)
    except CheckInRefused as refused:
        ticket = _ticket(now) if refused.reason is Refusal.EXPIRED else None
        return _ask(get_session(ticket)) if ticket else _refused(refused)


@blueprint.post("/arrive")
@public
def check_in() -> ResponseReturnValue:
    """Record the arrival of whoever has this personal code, or of whom this phone remembers."""
    now = clock.now()
    session_id = _ticket(now)
    if session_id is None:
        return _refused(CheckInRefused(Refusal.TICKET_OVER))
    held, typed = get_session(session_id), str(tidy(request.form.get("code", "")))[:40]
    try:
        one = _remembered(held) if request.form.get("who") == "remembered" else None
        one = one or _whose(held, typed)
        arrival = record_arrival(held, one, Source.SELF, actor=None, now=now, times=times())
        db.session.commit()
    except CheckInRefused as refused:
        db.session.rollback()
        if refused.reason is Refusal.UNKNOWN:
            return _ask(held, typed, refused), 422
        return _refused(refused)
    remember(one)
    return _arrived(held, one, arrival)


def times() -> Times:
    """From when one may check in, and until when one is not late, as the office has set it."""
    settings = current_app.config
    opens, grace = settings["PR_TRACKER_CHECK_IN_OPENS"], settings["PR_TRACKER_CHECK_IN_GRACE"]
    return Times(timedelta(minutes=opens), timedelta(minutes=grace))


def screen_key() -> bytes:
    """What the codes on the screens are made from."""
    return f"screen:{current_app.config['SECRET_KEY']}".encode()


def remember(one: Participant) -> None:
    """Let this browser know at the next code of the class who they are."""

    @after_this
    def keep(response: Response) -> Response:
        response.set_cookie(
            _cookie(one.class_id),
            one.token,
            max_age=REMEMBERED,
            path="/arrive",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def offers(one: Participant, now: datetime) -> Sequence[Offer]:
    """On the page of a participant: for them, how to check in now; for a trainer who scanned it, to record them."""
    if current_user.is_authenticated and current_user.may(Permission.TRAINING_EDIT):
        words = _("%(name)s is shown to a trainer: record who stands at the door.", name=one.full_name)
        return [Offer(_("Record the arrival"), words, url_for("doors.recognise", token=one.token), primary=True)]
    remember(one)
    if not one.active or one.waiting_at:
        return []
    return [
        _offer(one, number, held) for number, held in queries.open_sessions_of(one.class_id, now, times().opens_before)
    ]


def _offer(one: Participant, number: int, held: ClassSession) -> Offer:
    there = queries.find_arrival(held.id, one.id)
    if there:
        words = _("Session %(number)s: recorded at %(time)s.", number=number, time=write_time(there.at))
        return Offer(_("Checked in"), words)
    words = _(
        "Session %(number)s, %(time)s: scan the code on the screen in the hall, or type its six letters.",
        number=number,
        time=write_time(held.starts_at),
    )
    return Offer(_("Check in"), words, url_for("arrivals.enter"), primary=True)


def _welcome(session_id: int, now: datetime) -> ResponseReturnValue:
    """A good code: the ticket, and the question who it is."""
    held = get_session(session_id)
    require_open(queries.hours_of(held), now, times().opens_before)
    session[TICKET_NAME] = [session_id, int(ticket_until(now).timestamp())]
    return _ask(held)


def _ticket(now: datetime) -> int | None:
    """The session that this browser may check in to now."""
    try:
        session_id, until = session[TICKET_NAME]
        return int(session_id) if now < datetime.fromtimestamp(until, UTC) else None
    except (KeyError, TypeError, ValueError):
        return None


def _whose(held: ClassSession, typed: str) -> Participant:
    """Whose personal code was typed. Raises CheckInRefused; wrong ones are counted for the session as a whole."""
    counted = (WRONG_CODES, "check-in", str(held.id))
    if too_many_failures(*counted):
        raise CheckInRefused(Refusal.TOO_MANY)
    one = queries.find_by_code(held.class_id, typed)
    if one is not None:
        return one
    note_failure(*counted)
    other = queries.find_other_class(held, typed)
    if other is not None:
        raise CheckInRefused(Refusal.OTHER_CLASS, typed=typed, other=other.name, own=held.training_class.name)
    raise CheckInRefused(Refusal.UNKNOWN, typed=typed)


def _cookie(class_id: int) -> str:
    return f"my-class-{class_id}"


def _remembered(held: ClassSession) -> Participant | None:
    """Whom this browser knows in the class of a session."""
    return queries.find_by_token(held.class_id, request.cookies.get(_cookie(held.class_id), ""))


def _ask(held: ClassSession, typed: str = "", problem: CheckInRefused | None = None) -> str:
    one = _remembered(held)
    return render_template(
        "trainings/arrive_who.html",
        session=held,
        training_class=held.training_class,
        number=number_of(held),
        remembered=one if problem is None else None,
        typed=typed,
        problem=say(problem) if problem else None,
        advice=_(problem.advice) if problem else None,
        minutes=int(TICKET.total_seconds() // 60),
    )


def _arrived(held: ClassSession, one: Participant, arrival: Arrival) -> str:
    return render_template(
        "trainings/arrived.html",
        session=held,
        training_class=held.training_class,
        number=number_of(held),
        one=one,
        arrival=arrival,
        late=arrival.mark is Mark.LATE,
    )


def _refused(refused: CheckInRefused) -> ResponseReturnValue:
    page = render_template("trainings/arrive_refused.html", refused=say(refused), advice=_(refused.advice))
    return make_response(page, STATUSES.get(refused.reason, 409))

"""Every page of Flask-Security that we use, with its address, who may open it and how often it may be tried."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import views as fs
from flask_security import webauthn as wan
from flask_security.recovery_codes import mf_recovery, mf_recovery_codes
from werkzeug.datastructures import MultiDict

from pr_tracker import clock
from pr_tracker.accounts import actions_sign_in as actions
from pr_tracker.accounts import limits, queries
from pr_tracker.accounts.forms_sign_in import ForgotForm, SignInForm
from pr_tracker.accounts.limits import MAIL, SIGN_IN, Rate, TooManyAttempts, limited
from pr_tracker.accounts.security import datastore
from pr_tracker.db import db
from pr_tracker.web.access import View, public, signed_in
from pr_tracker.web.errors import say

blueprint = Blueprint("security", __name__)
POST = ("POST",)
BOTH = ("GET", "POST")


def lost_phone() -> str:
    """What to do without the phone: a recovery code, or an administrator. (Flask-Security's own page mails codes.)"""
    return render_template("security/lost_phone.html")


@dataclass(frozen=True)
class Route:
    """One page: `closes` says that failures here close the address, and that a closed address is refused here."""

    endpoint: str
    url: str
    methods: tuple[str, ...]
    view: Callable[..., Any]
    access: Callable[[View], View]
    rate: Rate | None = None
    closes: bool = False


ROUTES = (
    Route("login", "/sign-in", BOTH, fs.login, public, SIGN_IN, closes=True),
    Route("two_factor_token_validation", "/sign-in/code", BOTH, fs.two_factor_token_validation, public, SIGN_IN, True),
    Route("mf_recovery", "/sign-in/recovery-code", BOTH, mf_recovery, public, SIGN_IN, closes=True),
    Route("two_factor_rescue", "/sign-in/lost-phone", ("GET",), lost_phone, public),
    Route("wan_signin", "/sign-in/passkey", BOTH, wan.webauthn_signin, public, SIGN_IN),
    Route("wan_signin_response", "/sign-in/passkey/<token>", POST, wan.webauthn_signin_response, public, SIGN_IN),
    Route("logout", "/sign-out", POST, fs.logout, public),
    Route("forgot_password", "/forgot-password", BOTH, fs.forgot_password, public, MAIL),
    Route("reset_password", "/new-password/<token>", BOTH, fs.reset_password, public, SIGN_IN),
    Route("verify", "/account/verify", BOTH, fs.verify, signed_in, SIGN_IN, closes=True),
    Route("wan_verify", "/account/verify/passkey", BOTH, wan.webauthn_verify, signed_in),
    Route("wan_verify_response", "/account/verify/passkey/<token>", POST, wan.webauthn_verify_response, signed_in),
    Route("change_password", "/account/password", BOTH, fs.change_password, signed_in, SIGN_IN, closes=True),
    Route("two_factor_setup", "/account/authenticator", BOTH, fs.two_factor_setup, signed_in),
    Route("two_factor_setup_validate", "/account/authenticator/<token>", POST, fs.two_factor_setup_validate, signed_in),
    Route("mf_recovery_codes", "/account/recovery-codes", BOTH, mf_recovery_codes, signed_in),
    Route("wan_register", "/account/passkeys", BOTH, wan.webauthn_register, signed_in),
    Route("wan_register_response", "/account/passkeys/<token>", POST, wan.webauthn_register_response, signed_in),
    Route("wan_delete", "/account/passkeys/remove", POST, wan.webauthn_delete, signed_in),
)
CLOSING = frozenset(f"security.{route.endpoint}" for route in ROUTES if route.closes)


def _add_routes() -> None:
    for route in ROUTES:

        def view(*args: Any, _view: Callable[..., Any] = route.view, **kwargs: Any) -> Any:
            return _view(*args, **kwargs)

        view.__name__ = route.endpoint  # the limiter counts by name
        guarded = limited(view, route.rate) if route.rate else view
        blueprint.add_url_rule(route.url, route.endpoint, route.access(guarded), methods=route.methods)


_add_routes()


@blueprint.record_once
def _count_attempts(state: Any) -> None:
    limits.install(state.app, _form_sent)


@blueprint.before_request
def _only_forms() -> None:
    if request.is_json:  # Flask-Security would read it, without our checks
        abort(415)


@blueprint.before_request
def _ask_whether_closed() -> None:
    if request.method == "POST" and request.endpoint in CLOSING:
        g.closed_until = queries.closed_until(_email_tried(), clock.now())


def _email_tried() -> str:
    if current_user.is_authenticated:
        return current_user.email
    if "tf_user_id" in session and request.endpoint != "security.login":
        person = datastore.find_user(fs_uniquifier=session["tf_user_id"])
        return person.email if person else ""
    return request.form.get("email", "")


@blueprint.after_request
def _count_failure(response: Response) -> Response:
    if failure := g.pop("failed_sign_in", None):
        actions.note_failure(failure.email, failure.person, way=failure.way, now=clock.now())
        db.session.commit()
    return response


def _form_sent(refused: TooManyAttempts) -> ResponseReturnValue | None:
    """The form as it was sent, without the password, under the sentence; None for pages where only a code was typed."""
    kept = MultiDict({name: value for name, value in request.form.items() if "password" not in name})
    form: SignInForm | ForgotForm
    if request.endpoint == "security.login":
        form = SignInForm(formdata=kept)
        form.form_errors.append(say(refused))
        return render_template("security/login_user.html", login_user_form=form), 429
    if request.endpoint == "security.forgot_password":
        form = ForgotForm(formdata=kept)
        form.form_errors.append(say(refused))
        return render_template("security/forgot_password.html", forgot_password_form=form), 429
    return None

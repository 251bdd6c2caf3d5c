"""Sign-in with Flask-Security: password, reset by mail, authenticator app with recovery codes, passkeys.

Its routes are in views_sign_in; here are its settings, and our words and rules in its places.
"""

import base64
import hashlib
import unicodedata
from datetime import timedelta
from typing import Any

import segno
import sqlalchemy as sa
from flask import Flask, current_app, g, render_template, request, session
from flask_principal import identity_loaded
from flask_security import (
    MfRecoveryCodesUtil,
    PasswordUtil,
    Security,
    SQLAlchemyUserDatastore,
    Totp,
    UserMixin,
    WebauthnUtil,
    hash_password,
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
)
from flask_security.core import _on_identity_loaded
from flask_security.signals import wan_deleted, wan_registered
from flask_security.utils import aware_utcnow
from passlib.totp import TokenError
from sqlalchemy.orm import joinedload
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pr_tracker import clock
from pr_tracker.accounts import actions_sign_in as actions
from pr_tracker.accounts import forms_sign_in as forms
from pr_tracker.accounts.mail import DeskMail
from pr_tracker.accounts.models import Passkey, Person, PersonRole
from pr_tracker.accounts.rules import PASSWORD_LENGTH_MIN, AccountEvent, password_problem
from pr_tracker.config import ROOT
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.web.errors import say

_SIGNED_IN = (
    sa.select(Person).where(Person.fs_uniquifier == sa.bindparam("known")).options(joinedload(Person.role_rows))
)


class DeskPeople(SQLAlchemyUserDatastore):
    """People; whoever sends a request is found with agency and roles in one statement."""

    def find_user(self, case_insensitive: bool = False, **by: Any) -> UserMixin | None:
        """The person with this attribute."""
        if "fs_uniquifier" not in by:
            return super().find_user(case_insensitive, **by)
        found: Person | None = (
            db.session.execute(_SIGNED_IN, {"known": by["fs_uniquifier"]}).unique().scalar_one_or_none()
        )
        return found


# Our roles are an enum in a table of their own; Flask-Security only wants some class here.
datastore = DeskPeople(db, Person, PersonRole, Passkey)  # type: ignore[arg-type]


def install(app: Flask) -> None:
    """Configure Flask-Security; its routes come with the blueprint of views_sign_in."""
    app.config.update(_settings(app.config))
    security = Security(
        app,
        datastore,
        register_blueprint=False,
        login_form=forms.SignInForm,
        verify_form=forms.VerifyPasswordForm,
        forgot_password_form=forms.ForgotForm,
        reset_password_form=forms.NewPasswordForm,
        change_password_form=forms.OwnPasswordForm,
        two_factor_setup_form=forms.AppForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryCodeForm,
        wan_register_form=forms.PasskeyForm,
        wan_signin_response_form=forms.PasskeyAnswerForm,
        wan_delete_form=forms.PasskeyRemoveForm,
        mail_util_cls=DeskMail,
        password_util_cls=DeskPasswords,
        totp_cls=DeskTotp,
        webauthn_util_cls=DeskPasskeys,
        mf_recovery_codes_util_cls=DeskRecoveryCodes,
        render_template=_render,  # type: ignore[arg-type] # Flask takes (text, status) as well
    )
    security.want_json(lambda request: False)  # pages only: no second way in
    identity_loaded.disconnect(_on_identity_loaded, app)  # it expects roles to be rows; web/access.py asks our own
    for signal, receiver in AUDITED.items():
        signal.connect(receiver, app)  # type: ignore[type-var]


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    secret = config["SECRET_KEY"].encode()

    def derived(purpose: bytes) -> bytes:
        return hashlib.sha256(purpose + secret).digest()

    cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
    return {
        "SECURITY_PASSWORD_SALT": derived(b"password").hex(),
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": True,  # a password outlives a change of SECRET_KEY
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": cheap if config["TESTING"] else {},
        "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_LENGTH_MIN,
        "SECURITY_TOTP_SECRETS": {"1": derived(b"totp").hex()},
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(derived(b"recovery codes"))],
        "SECURITY_TOTP_ISSUER": "Bàn báo chí " + config["PR_TRACKER_PROVINCE"],
        "SECURITY_WAN_RP_NAME": "Bàn báo chí " + config["PR_TRACKER_PROVINCE"],
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [str(ROOT / "pr_tracker" / "translations")],
        **FIXED_SETTINGS,
        **{f"SECURITY_MSG_{name}": (words, kind) for name, (words, kind) in MESSAGES.items()},
    }


FIXED_SETTINGS = {
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_ALLOW_AS_VERIFY": ["first"],
    "SECURITY_WAN_ALLOW_USER_HINTS": False,
    "SECURITY_WAN_SIGNIN_WITHIN": timedelta(minutes=5),
    "SECURITY_INPUT_NORMALIZE_FORM": "NFC",
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_FRESHNESS": timedelta(minutes=30),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
    "SECURITY_DATETIME_FACTORY": aware_utcnow,
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_CLI_USERS_NAME": "",  # our own commands
    "SECURITY_CLI_ROLES_NAME": "",
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_POST_CHANGE_VIEW": "accounts.account",
    "SECURITY_POST_VERIFY_VIEW": "accounts.account",
    "SECURITY_POST_RESET_VIEW": "security.login",
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "security.mf_recovery_codes",
    "SECURITY_WAN_POST_REGISTER_VIEW": "accounts.account",
}

# Flask-Security's sentences, where ours say better what to do; the others are translated as they stand.
MESSAGES = {
    "PASSWORD_RESET_REQUEST": (
        N_("If %(email)s belongs to an account, a link was sent to it. It works for 24 hours."),
        "info",
    ),
    "PASSWORD_RESET_EXPIRED": (N_("This link is older than 24 hours. Ask for a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (N_("This link was used already or is not complete. Ask for a new one."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (N_("The new password is set. Sign in with it now."), "success"),
    "PASSWORD_CHANGE": (N_("The password is changed. You were signed out on all other devices."), "success"),
    "PASSWORD_IS_THE_SAME": (N_("The new password must differ from the present one."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Enter the password."), "error"),
    "INVALID_PASSWORD": (N_("This is not your password."), "error"),
    "REAUTHENTICATION_REQUIRED": (N_("Confirm first that it is you."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Confirmed. You may go on."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (N_("The code is not right or was used already. Wait for the next one."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("Signed in."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        N_("The authenticator app is set up. Now keep recovery codes in a safe place."),
        "success",
    ),
    "TWO_FACTOR_DISABLED": (N_("The authenticator app is turned off."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Sign in with the password first."), "error"),
    "INVALID_RECOVERY_CODE": (N_("This recovery code is not right or was used already."), "error"),
    "WEBAUTHN_EXPIRED": (N_("That took too long. Start again."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (N_("Give the passkey a name, for example the device it is kept on."), "error"),
    "WEBAUTHN_NAME_INUSE": (N_("You already have a passkey called %(name)s."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (N_("You have no passkey called %(name)s."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (N_("Use letters, digits, spaces and hyphens only."), "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": (N_("The passkey %(name)s is removed."), "success"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (N_("The passkey %(name)s is ready."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (N_("This passkey is registered already."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (N_("This passkey does not belong to an account here."), "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (N_("This passkey does not belong to an account here."), "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (N_("This passkey belongs to another account."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (N_("This passkey does not belong to an account here."), "error"),
    "WEBAUTHN_NO_VERIFY": (N_("The passkey could not be checked. Try again."), "error"),
    "DISABLED_ACCOUNT": (N_("This account is closed. Ask an administrator if that is a mistake."), "error"),
    "API_ERROR": (N_("The answer of the device cannot be read. Start again."), "error"),
    "INVALID_INPUT_LENGTH": (N_("The name may have at most 64 characters."), "error"),
    "INVALID_REDIRECT": (N_("The address to return to is not on this site."), "error"),
}


def _render(template: str, **context: Any) -> Any:
    """A page of Flask-Security; 422 when a form came back with something to mend. Mails are made in mail.py."""
    if template.startswith("security/email/"):
        return ""
    wrong = any(getattr(value, "errors", None) for name, value in context.items() if name.endswith("_form"))
    return render_template(template, **context), 422 if wrong and request.method == "POST" else 200


class DeskPasswords(PasswordUtil):
    """Passwords as typed on any keyboard: NFKD, so that diacritics match however they were composed."""

    def validate(self, password: str, is_register: bool, **fields: Any) -> tuple[list[str] | None, str]:
        """Why the password may not be set, and its normal form."""
        problem = refused_password(self.normalize(password), getattr(fields.get("user"), "email", ""))
        return ([say(problem)] if problem else None), self.normalize(password)


def refused_password(password: str, email: str) -> BadInput | None:
    """Why somebody with this address may not have this password."""
    production = current_app.config["PR_TRACKER_ENV"] == "production"
    problem = password_problem(password, email=email or "@", production=production)
    if problem is None and len(password) > 128:
        problem = N_("The password may have at most 128 characters.")
    return BadInput(problem, field="password", length=PASSWORD_LENGTH_MIN) if problem else None


def hashed(password: str) -> str:
    """The argon2 hash of a password in its normal form."""
    return hash_password(unicodedata.normalize("NFKD", password))


class DeskTotp(Totp):
    """No code is taken twice; the picture is inline SVG, since the content policy allows no data: address."""

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The set-up address as an <svg> element."""
        code = segno.make(self.get_totp_uri(username, totp), error="m")
        return code.svg_inline(scale=5, border=4, svgclass="qr", lineclass=None, omitsize=False)

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """False also for a secret sealed with a SECRET_KEY that is no more."""
        try:
            return super().verify_totp(token, totp_secret, user, window)
        except (ValueError, TypeError, TokenError):
            return False

    def get_last_counter(self, user: Any) -> int | None:
        """The counter of the last code taken."""
        return user.tf_last_counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep the counter with the person."""
        user.tf_last_counter = tmatch.counter


class DeskPasskeys(WebauthnUtil):
    """Passkeys that stand for name, password and second step at once: resident, and unlocked by their owner."""

    def origin(self) -> str:
        """The site's public address."""
        return current_app.config["PR_TRACKER_PUBLIC_URL"] or request.host_url.rstrip("/")

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """On this device or on a key, as the reader likes."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """Finger, face or PIN, always."""
        return UserVerificationRequirement.REQUIRED


class DeskRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, kept encrypted; making new ones is audited."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """New codes; the old ones are void."""
        _audit(AccountEvent.RECOVERY_CODES, user)
        return super().create_recovery_codes(user)


def _person(user: Any) -> Person:
    return user._get_current_object() if hasattr(user, "_get_current_object") else user


def _audit(event: AccountEvent, user: Any, **data: Any) -> None:
    person = _person(user)
    actions.note(event, person, actor=person, now=clock.now(), **data)


def _signed_in(sender: Flask, user: Any, authn_via: list[str] | None = None, **_: Any) -> None:
    way = (authn_via or ["second_step"])[0]
    if way == "change":  # a new password signs its owner in again: not a sign-in
        return
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    actions.note_sign_in(_person(user), way=way, now=clock.now())


def _password_reset(sender: Flask, user: Any, **_: Any) -> None:
    actions.note_password_reset(_person(user), now=clock.now())


def _password_changed(sender: Flask, user: Any, **_: Any) -> None:
    _audit(AccountEvent.PASSWORD_CHANGE, user)


def _authenticator_on(sender: Flask, user: Any, **_: Any) -> None:
    _audit(AccountEvent.AUTHENTICATOR_ON, user)


def _authenticator_off(sender: Flask, user: Any, **_: Any) -> None:
    _audit(AccountEvent.AUTHENTICATOR_OFF, user)


def _passkey_added(sender: Flask, user: Any, name: str, **_: Any) -> None:
    _audit(AccountEvent.PASSKEY_ADD, user, name=name)


def _passkey_removed(sender: Flask, user: Any, name: str, **_: Any) -> None:
    _audit(AccountEvent.PASSKEY_REMOVE, user, name=name)


# Flask-Security sends these before it commits: the entry stands in the same transaction as the act.
AUDITED = {
    user_authenticated: _signed_in,
    password_reset: _password_reset,
    password_changed: _password_changed,
    tf_profile_changed: _authenticator_on,
    tf_disabled: _authenticator_off,
    wan_registered: _passkey_added,
    wan_deleted: _passkey_removed,
}

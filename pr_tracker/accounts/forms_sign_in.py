"""Flask-Security's forms in our words: one refusal for every wrong sign-in, so that nobody learns which accounts exist.

A form never counts failures itself: it leaves a `Failure` in `flask.g`, and the view counts it after the answer.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    ResetPasswordForm,
    VerifyForm,
    hash_password,
    verify_password,
)
from flask_security.forms import TwoFactorSetupForm, TwoFactorVerifyCodeForm, valid_user_email
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import WebAuthnDeleteForm, WebAuthnRegisterForm, WebAuthnSigninResponseForm
from wtforms import EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import CLOSED_FOR, DEMO_PASSWORD, FAILURES_ALLOWED
from pr_tracker.office_time import write_time
from pr_tracker.web.forms import Form, Required

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Failure:
    """A wrong password or code: which address was tried, whose it is, with what."""

    email: str
    person: Person | None
    way: str


def _note(form: Any, way: str) -> None:
    """Leave a failure of the person the form speaks of, or of the address typed, for the view to count."""
    user = getattr(form.user, "_get_current_object", lambda: form.user)()
    g.failed_sign_in = Failure(user.email if user else form.email.data, user, way)


LONGEST_PASSWORD = 1000


def _as_typed(password: str | None) -> str:
    """What nobody can have typed counts as nothing: the library that checks passwords fails on it."""
    return password if password and len(password) <= LONGEST_PASSWORD else ""


class _Ours:
    """Our translations and tidy text in a form of Flask-Security."""

    class Meta(Form.Meta):
        """See web.forms."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            if issubclass(unbound_field.field_class, PasswordField):
                options = {**options, "filters": [_as_typed, *options.get("filters", ())]}
            return super().bind_field(form, unbound_field, options)


def wrong_sign_in() -> str:
    """The one sentence for every wrong sign-in."""
    return _(
        "The e-mail or the password is not right. After %(number)d failures sign-in is closed for %(minutes)d minutes.",
        number=FAILURES_ALLOWED,
        minutes=CLOSED_FOR.seconds // 60,
    )


def closed_sentence(until: datetime) -> str:
    """What a reader is told while an address is closed, account or not."""
    return _(
        "Too many failures with this address: sign-in with a password is closed for it until %(time)s. "
        "A passkey still works.",
        time=write_time(until),
    )


def _refused_while_closed(form: Any) -> bool:
    if until := g.get("closed_until"):
        form.form_errors.append(closed_sentence(until))
    return until is not None


def is_forbidden_demo_password(password: str) -> bool:
    """Whether it is the demonstration's password in production."""
    return current_app.config["PR_TRACKER_ENV"] == "production" and password == DEMO_PASSWORD


class SignInForm(_Ours, LoginForm):
    """Address and password."""

    email = EmailField(_l("Official e-mail"))
    password = PasswordField(_l("Password"))
    remember = None  # desks are shared: a session ends with the browser

    def validate(self, **kwargs: Any) -> bool:
        """True for the right password of an active person; else one sentence on top, none beside a field."""
        if not self.email.data or not self.password.data:
            self.form_errors.append(_("Enter the e-mail address and the password."))
            return False
        if _refused_while_closed(self):
            return False
        if is_forbidden_demo_password(self.password.data):
            self.form_errors.append(_("The password of the demonstration cannot be used here."))
            return False
        if super().validate(**kwargs):
            return True
        self.email.errors, self.password.errors = [], []
        if self.user_authenticated:
            self.form_errors.append(_("This account is closed. Ask an administrator if that is a mistake."))
        else:
            _note(self, "password")
            self.form_errors.append(wrong_sign_in())
        return False


class ForgotForm(_Ours, ForgotPasswordForm):
    """The address to which a link shall go."""

    email = EmailField(_l("Official e-mail"), validators=[valid_user_email])

    def validate(self, **kwargs: Any) -> bool:
        """Says only whether what was typed can be an address; both answers take the time of one password check."""
        if not _ADDRESS.fullmatch(self.email.data or ""):
            self.form_errors.append(_("Enter an e-mail address, for example ten@angiang.gov.vn."))
            return False
        if not super().validate(**kwargs):
            return False
        hash_password("takes as long as the view does for an unknown address")
        return True


class NewPasswordForm(_Ours, ResetPasswordForm):
    """A new password, twice, reached by a link."""

    password = PasswordField(_l("New password"), validators=[Required()])
    password_confirm = PasswordField(
        _l("The new password again"), validators=[EqualTo("password", _l("The two passwords differ."))]
    )

    def validate(self, **kwargs: Any) -> bool:
        """False for a bad password, and for somebody who may not sign in."""
        if self.user is not None and not self.user.active:
            self.form_errors.append(_("This account is closed. Ask an administrator if that is a mistake."))
            return False
        return super().validate(**kwargs)


class OwnPasswordForm(_Ours, ChangePasswordForm):
    """The present password, and a new one twice."""

    password = PasswordField(_l("Present password"))
    new_password = PasswordField(_l("New password"), validators=[Required()])
    new_password_confirm = PasswordField(
        _l("The new password again"), validators=[EqualTo("new_password", _l("The two passwords differ."))]
    )

    def validate(self, **kwargs: Any) -> bool:
        """A wrong present password counts as a failed sign-in."""
        if _refused_while_closed(self):
            return False
        if current_user.password and self.password.data and not _is_own_password(self.password.data):
            g.failed_sign_in = Failure(current_user.email, current_user._get_current_object(), "password")
            self.password.errors = [_("This is not your present password.")]
            return False
        if self.new_password.data and _normal(self.new_password.data) == _normal(self.password.data or ""):
            self.new_password.errors = [_("The new password must differ from the present one.")]
            return False
        return super().validate(**kwargs)


def _is_own_password(typed: str) -> bool:
    return verify_password(_normal(typed), current_user.password)


def _normal(password: str) -> str:
    return current_app.extensions["security"].password_util.normalize(password)


class VerifyPasswordForm(_Ours, VerifyForm):
    """The password once more, before something sensitive."""

    password = PasswordField(_l("Password"), validators=[Required()])

    def validate(self, **kwargs: Any) -> bool:
        """A wrong password counts as a failed sign-in."""
        if _refused_while_closed(self):
            return False
        if super().validate(**kwargs):
            return True
        if self.password.data:
            _note(self, "password")
        return False


class AppForm(_Ours, TwoFactorSetupForm):
    """Set the authenticator app up, or turn it off; the only second step we offer."""

    setup = HiddenField()
    phone = HiddenField()


class CodeForm(_Ours, TwoFactorVerifyCodeForm):
    """Six digits from the authenticator app."""

    code = StringField(_l("Code from the app"), validators=[Required()])

    def validate(self, **kwargs: Any) -> bool:
        """A wrong code at sign-in counts as a failed sign-in."""
        if _refused_while_closed(self):
            return False
        self.code.data = re.sub(r"\s", "", self.code.data or "")
        if super().validate(**kwargs):
            return True
        if self.code.data and self.user is not None and not self.is_setup:
            _note(self, "code")
        return False


class RecoveryCodeForm(_Ours, MfRecoveryForm):
    """One of the recovery codes, when the phone is not at hand."""

    code = StringField(_l("Recovery code"), validators=[Required()])

    def validate(self, **kwargs: Any) -> bool:
        """A wrong code counts as a failed sign-in."""
        if _refused_while_closed(self):
            return False
        self.code.data = (self.code.data or "").lower()
        if super().validate(**kwargs):
            return True
        if self.code.data and self.user is not None:
            _note(self, "recovery_code")
        return False


class PasskeyForm(_Ours, WebAuthnRegisterForm):
    """The name of a new passkey; every passkey of ours signs in on its own."""

    name = StringField(_l("Name of this passkey"), validators=[Required()])
    usage = HiddenField(default="first")

    def validate(self, **kwargs: Any) -> bool:
        """Whatever was sent, the passkey is for signing in."""
        self.usage.data = "first"
        return super().validate(**kwargs)


class PasskeyRemoveForm(_Ours, WebAuthnDeleteForm):
    """The passkey to remove, by name."""

    name = HiddenField(validators=[Required()])


class PasskeyAnswerForm(_Ours, WebAuthnSigninResponseForm):
    """What the passkey answered."""

    def validate(self, **kwargs: Any) -> bool:
        """False also for somebody who may not sign in."""
        return super().validate(**kwargs) and not self.credential.errors

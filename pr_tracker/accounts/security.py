"""Sign-in with Flask-Security: password, reset by mail, authenticator app with recovery codes, passkeys."""

import hashlib
from typing import Any

from flask import Flask
from flask_principal import identity_loaded
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.core import _on_identity_loaded

from pr_tracker.accounts.models import Passkey, Person, PersonRole
from pr_tracker.db import db
from pr_tracker.web.access import Access, declare

# Our roles are an enum in a table of their own; Flask-Security only wants some class here.
datastore = SQLAlchemyUserDatastore(db, Person, PersonRole, Passkey)  # type: ignore[arg-type]


def install(app: Flask) -> None:
    """Configure Flask-Security and declare the access of its routes."""
    app.config.update(_settings(app.config["SECRET_KEY"]))
    Security(app, datastore)
    identity_loaded.disconnect(_on_identity_loaded, app)  # it expects roles to be rows; web/access.py asks our own
    declare(app, {endpoint: Access(is_public=True) for endpoint in app.view_functions if _is_open(endpoint)})
    declare(app, {endpoint: Access() for endpoint in app.view_functions if _is_own(endpoint)})


def _settings(secret: str) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_SALT": hashlib.sha256(b"password" + secret.encode()).hexdigest(),
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
    }


def _is_open(endpoint: str) -> bool:
    return endpoint in {"security.login", "security.logout", "security.forgot_password", "security.reset_password"}


def _is_own(endpoint: str) -> bool:
    return endpoint in {"security.change_password"}

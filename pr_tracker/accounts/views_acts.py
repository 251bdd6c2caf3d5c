"""What the views of accounts share: the blueprint, and how one act of a form is done."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.queries import last_change_of
from pr_tracker.db import db
from pr_tracker.errors import BadInput, ChangedMeanwhile
from pr_tracker.web.forms import Form

blueprint = Blueprint("accounts", __name__)


def acting() -> dict[str, Any]:
    """Who acts, and when."""
    return {"actor": current_user, "now": clock.now()}


def attempt(form: Form, act: Callable[[], object]) -> int:
    """Do and commit: 200; or put the refusal on the form: 422 with something to mend, 409 when another was first."""
    if not form.validate():
        return 422
    try:
        act()
        db.session.commit()
    except (BadInput, ChangedMeanwhile) as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return 409 if isinstance(refusal, ChangedMeanwhile) else 422
    return 200


def meanwhile(thing: Agency | Person, form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Who changed the entry and what is on record now where it differs; the form goes on from this version."""
    form.version.data, form.version.raw_data = thing.version, None
    stored = type(form)(formdata=None, **{"agency" if isinstance(thing, Agency) else "person": thing})
    differing = [
        (form[name].label.text, _words(stored[name])) for name in names if stored[name].data != form[name].data
    ]
    return {"act": last_change_of(thing), "differing": differing}


def _words(field: Any) -> str:
    """A field's value as a reader sees it."""
    if hasattr(field, "iter_choices"):
        chosen = [str(option.label.text) for option in field if option.checked] if _has_options(field) else []
        return ", ".join(chosen) or _selected(field) or _("(empty)")
    if isinstance(field.data, bool):
        return _("yes") if field.data else _("no")
    return str(field.data or _("(empty)"))


def _has_options(field: Any) -> bool:
    return field.widget.__class__.__name__ == "ListWidget"


def _selected(field: Any) -> str:
    return ", ".join(str(choice.label) for choice in field.choices if field.coerce(choice.value) == field.data)

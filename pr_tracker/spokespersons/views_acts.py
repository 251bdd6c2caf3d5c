"""One act on the register: its page, its form, and what happens when somebody else was first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import BadInput, ChangedMeanwhile, DomainError, NotAllowed, StepNotAllowed
from pr_tracker.spokespersons.actions import CHANGED
from pr_tracker.web.forms import SeenForm

BOTH = ["GET", "POST"]
UNPROCESSABLE = 422


@dataclass
class ActPage:
    """What the page of an act shows, and where it leads afterwards."""

    title: str
    button: str
    crumbs: list[tuple[str, str]]
    back: str
    lede: str = ""
    template: str = "spokespersons/act.html"
    hints: dict[str, str] = field(default_factory=dict)  # by field
    optional: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


def reader() -> Person:
    """Whoever is signed in, as a row and not as a proxy for one."""
    person: Person = current_user._get_current_object()
    return person


def run(
    form: SeenForm, page: ActPage, do: Callable[[], object], fill: Callable[[], object] = lambda: None
) -> ResponseReturnValue:
    """Show the form of an act, or do it: validate, one action, commit, redirect. `do` flashes what happened.

    `fill` puts what is stored into the fields of a page that is only looked at.
    """
    if request.method != "POST":
        fill()
        return shown(form, page)
    refusal = attempt(form, do)
    if refusal is None:
        return redirect(page.back, 303)
    return shown(form, page), UNPROCESSABLE if isinstance(refusal, BadInput) else refusal.http_status


def attempt(form: Any, do: Callable[[], object]) -> DomainError | None:
    """Do and commit; or put the refusal on the form and give it back."""
    if not form.validate():
        return BadInput("")
    try:
        do()
        db.session.commit()
    except (BadInput, ChangedMeanwhile, StepNotAllowed, NotAllowed) as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return refusal
    except StaleDataError:
        db.session.rollback()
        form.add_problem(ChangedMeanwhile(CHANGED))
        return ChangedMeanwhile(CHANGED)
    return None


def shown(form: SeenForm, page: ActPage) -> str:
    """The page of an act with its form."""
    return render_template(page.template, form=form, page=page, **page.more)


def register_crumb() -> tuple[str, str]:
    """The way back to the register."""
    return _("Spokespersons"), url_for("register.index")

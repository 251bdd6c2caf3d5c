"""One act on a duty or a press conference: its page, its form, and what happens when somebody else was first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError

from pr_tracker.accounts.models import Person
from pr_tracker.audit.queries import entries_of
from pr_tracker.db import db
from pr_tracker.duties import labels, queries
from pr_tracker.duties.actions import CHANGED, require_turn
from pr_tracker.duties.models import Duty, PressBriefing, PressConference
from pr_tracker.duties.rules import DutyEvent
from pr_tracker.errors import BadInput, ChangedMeanwhile, DomainError, NotAllowed, StepNotAllowed
from pr_tracker.office_time import in_office, office_day, write_day, write_time
from pr_tracker.web.forms import SeenForm

BOTH = ["GET", "POST"]
UNPROCESSABLE = 422
CHANGES_SHOWN = 5
Row = Duty | PressConference | PressBriefing
HIDDEN = frozenset({DutyEvent.LETTER})  # who printed a letter is in the audit log


@dataclass
class ActPage:
    """What the page of an act shows, and where it leads afterwards."""

    title: str
    button: str
    back: str
    subject: str
    said: str
    lede: str = ""
    template: str = "duties/act.html"
    hints: Mapping[str, str] = field(default_factory=dict)  # by field
    is_open: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)


def reader() -> Person:
    """Whoever is signed in, as a row and not as a proxy for one."""
    person: Person = current_user._get_current_object()
    return person


def run(
    row: Row, form: SeenForm, page: ActPage, do: Callable[[], object], fill: Callable[[], None]
) -> ResponseReturnValue:
    """Show the form of an act, or do it: validate, one action, commit, redirect.

    `fill` puts what is stored into the fields of a page that is only looked at.
    """
    require_turn(row, actor=reader(), seen=None)
    if request.method != "POST":
        if not page.is_open:
            flash(_("This cannot be done any more"), "warning")
            return redirect(page.back)
        fill()
        form.show(row.version)
        return _shown(form, page, [])
    refusal = attempt(form, do)
    if refusal is None:
        flash(page.said, "success")
        return redirect(page.back, 303)
    db.session.refresh(row)
    meanwhile = _since_seen(row) if isinstance(refusal, ChangedMeanwhile | StepNotAllowed) else []
    form.show(row.version)
    return _shown(form, page, meanwhile), (refusal.http_status if not isinstance(refusal, BadInput) else UNPROCESSABLE)


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


def _shown(form: SeenForm, page: ActPage, meanwhile: list[dict[str, Any]]) -> str:
    return render_template(page.template, form=form, page=page, meanwhile=meanwhile, **page.more)


def _since_seen(row: Row) -> list[dict[str, Any]]:
    return timeline_of(entries_of(row))[:CHANGES_SHOWN]


def timeline_of(rows: Iterable[sa.Row]) -> list[dict[str, Any]]:
    """Entries of the audit log as a page shows them, the newest first."""
    shown = []
    for row in rows:
        event = DutyEvent(row.event)
        if event in HIDDEN:
            continue
        sentence, quote = labels.happened(row)
        shown.append(
            {
                "iso": in_office(row.at).isoformat(timespec="minutes"),
                "day": write_day(office_day(row.at)),
                "hour": write_time(row.at),
                "glyph": labels.GLYPHS.get(event, "document"),
                "sentence": sentence,
                "quote": quote,
            }
        )
    return shown


def may_act_on(row: Row) -> bool:
    """Whether the reader does the duties of the agency that owes this."""
    return queries.may_act(reader(), row.agency)

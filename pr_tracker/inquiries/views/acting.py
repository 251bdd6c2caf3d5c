"""One act on one inquiry: its page, its form, and what happens when somebody else was first."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, DomainError, NotAllowed, NotFound, StepNotAllowed
from pr_tracker.inquiries.forms.handling import ActForm
from pr_tracker.inquiries.labels import STEP
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.case import history_of
from pr_tracker.inquiries.queries.visibility import get_visible, standing_of
from pr_tracker.inquiries.rules import Standing, Step, after, may, require_may
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.views.telling import entries
from pr_tracker.inquiries.views.training import remarks_on
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy

BOTH = ["GET", "POST"]
UNPROCESSABLE = 422
SHOWN_CHANGES = 12
PROSE = ("subject", "questions", "text", "reason", "task", "note", "evidence")
UNDISTURBING = frozenset({InquiryEvent.COMMENT, InquiryEvent.ATTACH})


@dataclass(frozen=True)
class Act:
    """What the page of an act needs to know; `do` gets the inquiry, the form, and actor, now and seen."""

    step: Step
    form: Callable[[], ActForm]
    do: Callable[[Inquiry, Any, dict[str, Any]], object]
    said: str
    title: str = ""
    button: str = ""
    lede: str = ""
    template: str = "inquiries/case_act.html"
    about: Callable[[Inquiry], dict[str, Any]] = lambda _inquiry: {}  # what else the page shows
    fits: Callable[[Standing], bool] | None = None  # beyond what the step asks of a person
    then: str = "inquiries.case"  # the page of the inquiry that comes afterwards
    names: tuple[str, ...] = ()  # whom it names, "responsible" or "officer": a remark when they have no valid course

    def require_open(self, inquiry: Inquiry, standing: Standing) -> None:
        """Raises NotAllowed or StepNotAllowed when this person cannot do it now."""
        require_may(self.step, standing)
        if self.fits is not None and not self.fits(standing):
            raise NotAllowed(N_("This act is not open to you here."))
        after(inquiry.status, self.step)

    def is_open(self, inquiry: Inquiry, standing: Standing) -> bool:
        """Whether this person can do it now."""
        try:
            self.require_open(inquiry, standing)
        except (NotAllowed, StepNotAllowed):
            return False
        return True


def reader() -> Person:
    """Whoever is signed in, as a row and not as a proxy for one."""
    person: Person = current_user._get_current_object()
    return person


def page_of(inquiry: Inquiry) -> str:
    """The address of the inquiry's page."""
    return url_for("inquiries.case", inquiry_id=inquiry.id)


def run(inquiry_id: int, act: Act) -> ResponseReturnValue:
    """Show the act's form, or do it: load, form, one action, commit, redirect."""
    sent = request.method == "POST"
    try:
        inquiry = get_visible(inquiry_id, reader(), to_change=sent)
    except NotFound as missing:
        return gone(missing)
    form = act.form()
    form.prepare(inquiry, reader(), clock.now())
    if sent and "show" in request.form:
        return _page(inquiry, act, form, None)  # only what it would mean; nothing is done
    if sent:
        return _do(inquiry, act, form)
    standing = standing_of(inquiry, reader(), act.step, now=clock.now())
    try:
        act.require_open(inquiry, standing)
    except StepNotAllowed as refusal:
        flash(say(refusal), "warning")
        return redirect(page_of(inquiry))
    form.preset(inquiry, clock.now())
    form.renew(inquiry)
    return _page(inquiry, act, form, None, standing)


def gone(refusal: NotFound | NotAllowed | StepNotAllowed) -> ResponseReturnValue:
    """A refusal that gives back what was typed: the inquiry may have gone elsewhere, or into the archive."""
    typed = [text for name in PROSE if (text := tidy(request.form.get(name, "")))]
    if not typed:
        raise refusal
    missing = isinstance(refusal, NotFound)
    title = _("There is no such inquiry any more") if missing else _("This cannot be done any more")
    page = render_template("inquiries/case_gone.html", title=title, sentence=say(refusal), typed=typed)
    return page, refusal.http_status


def _do(inquiry: Inquiry, act: Act, form: ActForm) -> ResponseReturnValue:
    inquiry_id, seen = inquiry.id, form.seen_version
    remarks: list[str] = []
    status = _attempt(inquiry, act, form, remarks)
    if status == 200:
        flash(act.said)
        for words in remarks:
            flash(words, "warning")
        return redirect(_afterwards(inquiry_id, act.then), 303)
    inquiry = get_visible(inquiry_id, reader())
    changes = None if seen == inquiry.version else _changes_since(inquiry, seen)
    form.renew(inquiry)
    return _page(inquiry, act, form, changes), status


def _changes_since(inquiry: Inquiry, seen: int) -> list[dict[str, Any]]:
    """What happened since the reader looked, but for what disturbs nobody's work."""
    rows = (row for row in history_of(inquiry, since_version=seen) if row.event not in UNDISTURBING)
    return entries(islice(rows, SHOWN_CHANGES))


def _attempt(inquiry: Inquiry, act: Act, form: ActForm, remarks: list[str]) -> int:
    """Do and commit: 200, with remarks; or the refusal on the form: 422 to mend, 409 somebody was first, 403."""
    if not form.validate():
        return UNPROCESSABLE
    try:
        if act.fits is not None and not act.fits(standing_of(inquiry, reader(), act.step, now=clock.now())):
            raise NotAllowed(N_("This act is not open to you here."))
        act.do(inquiry, form, {"actor": reader(), "now": clock.now(), "seen": form.seen_version})
        remarks.extend(remarks_on(inquiry, act.names, clock.now()))
        db.session.commit()
    except (BadInput, ChangedMeanwhile, NotAllowed, StepNotAllowed) as refusal:
        return _refused(form, refusal)
    except StaleDataError:
        return _refused(form, ChangedMeanwhile(N_("Somebody else changed this inquiry while you had it open.")))
    return 200


def _refused(form: ActForm, refusal: DomainError) -> int:
    db.session.rollback()
    if not isinstance(refusal, ChangedMeanwhile):  # the page says itself what changed
        form.add_problem(refusal)
    return UNPROCESSABLE if isinstance(refusal, BadInput) else refusal.http_status


def _afterwards(inquiry_id: int, then: str) -> str:
    """A page of the inquiry, or the first page when the act handed the inquiry to others."""
    try:
        return url_for(then, inquiry_id=get_visible(inquiry_id, reader()).id)
    except NotFound:
        return url_for("web.home")


def _page(
    inquiry: Inquiry,
    act: Act,
    form: ActForm,
    changes: list[dict[str, Any]] | None,
    standing: Standing | None = None,
) -> str:
    standing = standing or standing_of(inquiry, reader(), act.step, now=clock.now())
    title = act.title or str(STEP[act.step])
    return render_template(
        act.template,
        inquiry=inquiry,
        form=form,
        title=title,
        button=act.button or title,
        lede=act.lede,
        changes=changes,
        is_open=act.is_open(inquiry, standing),
        may_write=may(Step.COMMENT, standing),
        standing=standing,
        **act.about(inquiry),
    )

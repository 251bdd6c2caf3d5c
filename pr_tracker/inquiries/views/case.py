"""The page of one inquiry: what is asked, whose turn it is until when and why, the answer, the history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.deadlines.queries_plan import calendar_and_plan
from pr_tracker.deadlines.rules import FaceState
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.errors import BadInput, NotAllowed, NotFound, StepNotAllowed
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.actions import handling
from pr_tracker.inquiries.actions.stops import require_extendable, require_stoppable
from pr_tracker.inquiries.forms.handling import CommentForm
from pr_tracker.inquiries.labels_articles import VERDICT
from pr_tracker.inquiries.labels_parts import BOX, lateness_words
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import case as queries
from pr_tracker.inquiries.queries.parts import lateness_of, sources_of
from pr_tracker.inquiries.queries.seals import required_steps, reviews_of
from pr_tracker.inquiries.queries.speaking import by_papers, matter_of
from pr_tracker.inquiries.queries.visibility import get_visible, standing
from pr_tracker.inquiries.queries.whole import (
    HISTORY_PAGE,
    Belonging,
    File,
    Text,
    Whole,
    belonging_to,
    get_whole,
    happened_to,
    history_page,
)
from pr_tracker.inquiries.rules import Standing, Status, Step, steps_open_to, whose_turn
from pr_tracker.inquiries.rules_kinds import Part, Turn, stands_since
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_parts import BoxState
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import UNPROCESSABLE, gone, page_of, reader
from pr_tracker.inquiries.views.afterwards import afterwards
from pr_tracker.inquiries.views.authorising import speaking_of
from pr_tracker.inquiries.views.explaining import explained, kind_of_deadline, stop_words
from pr_tracker.inquiries.views.planning import PlanShown, plan_shown
from pr_tracker.inquiries.views.reminded import away_words, reminded_of
from pr_tracker.inquiries.views.telling import Clock, clock_of, clocks_of, entries, part_clock, seal_code
from pr_tracker.outlets.labels import OUTLET_KINDS
from pr_tracker.permissions import Permission, Role
from pr_tracker.spokespersons.queries_rights import authorisations_of
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import id_of

P = Permission

# The page of each step, in the order in which a reader is offered them.
PAGES = {
    Step.APPROVE: "approve",
    Step.RETURN: "return_draft",
    Step.RELEASE: "release",
    Step.DRAFT: "draft",
    Step.SUBMIT: "submit",
    Step.ASSIGN: "assign",
    Step.TAKE_OVER: "take_over",
    Step.ACKNOWLEDGE: "acknowledge",
    Step.RESUME: "resume",
    Step.DECIDE_EXTENSION: "decide_extension",
    Step.PAUSE: "pause",
    Step.ASK_EXTENSION: "ask_extension",
    Step.COORDINATE: "coordinate",
    Step.AUTHORISE: "authorise",
    Step.URGE: "urge",
    Step.WATCH: "watch",
    Step.ASK_TAKE_OVER: "ask_take_over",
    Step.JOIN_INCIDENT: "incidents.join",
    Step.LEAVE_INCIDENT: "incidents.leave",
    Step.REFUSE: "refuse",
    Step.MARK_SENSITIVE: "mark_sensitive",
    Step.WITHDRAW: "withdraw",
    Step.CLOSE: "close",
    Step.ARCHIVE: "archive",
}
# What comes next in each status, and what may stand beside it.
NEXT: dict[Status, tuple[Step, ...]] = {
    Status.RECEIVED: (Step.ASSIGN,),
    Status.ASSIGNED: (Step.DRAFT,),
    Status.DRAFTING: (Step.DRAFT, Step.SUBMIT),
    Status.RETURNED: (Step.DRAFT,),
    Status.IN_REVIEW: (Step.APPROVE, Step.RETURN),
    Status.APPROVED: (Step.RELEASE, Step.REFUSE, Step.RETURN),
    Status.ANSWERED: (Step.CLOSE, Step.ARCHIVE),
    Status.REFUSED: (Step.CLOSE, Step.ARCHIVE),
    Status.WITHDRAWN: (Step.CLOSE, Step.ARCHIVE),
    Status.ARCHIVED: (),
}


@dataclass(frozen=True)
class Offer:
    """An act that this reader may do now: its words and its page."""

    words: str
    url: str


@dataclass(frozen=True)
class Next:
    """The bar under the title: whose turn, what, until when; what this reader can do, the primary act first."""

    who: str
    what: str
    acts: list[Offer]
    others: list[Offer]


@blueprint.get("/inquiries/<id:inquiry_id>", endpoint="case")
@requires(P.INQUIRY_VIEW)
def show(inquiry_id: int) -> str:
    """The whole inquiry on one page."""
    return _page(inquiry_id, CommentForm())


@blueprint.post("/inquiries/<id:inquiry_id>/comments")
@requires(P.INQUIRY_COMMENT)
def comment(inquiry_id: int) -> ResponseReturnValue:
    """Add a remark inside the house."""
    try:
        inquiry = get_visible(inquiry_id, reader(), to_change=True)
    except NotFound as missing:
        return gone(missing)
    form = CommentForm()
    if form.validate():
        try:
            handling.comment(inquiry, form.text.data, actor=reader(), now=clock.now())
            db.session.commit()
            flash(_("The comment is in the history."))
            return redirect(page_of(inquiry), 303)
        except BadInput as refusal:
            db.session.rollback()
            form.add_problem(refusal)
        except (NotAllowed, StepNotAllowed) as refusal:
            db.session.rollback()
            return gone(refusal)
    return _page(inquiry_id, form), UNPROCESSABLE


@blueprint.get("/inquiries/<id:inquiry_id>/history")
@requires(P.INQUIRY_VIEW)
def history(inquiry_id: int) -> str:
    """Everything that happened to an inquiry, page by page."""
    inquiry = get_visible(inquiry_id, reader())
    rows = history_page(inquiry, id_of("before"))
    shown = rows[:HISTORY_PAGE]
    return render_template(
        "inquiries/case_whole_history.html",
        inquiry=inquiry,
        history=entries(shown),
        earlier=shown[-1].id if len(rows) > HISTORY_PAGE else None,
    )


def _page(inquiry_id: int, comment_form: CommentForm) -> str:
    now, person = clock.now(), reader()
    whole = get_whole(inquiry_id, person, now)
    inquiry, draft = whole.inquiry, whole.draft
    belonging, parts = belonging_to(whole, person, now), queries.parts_of(inquiry)
    own_parts = [row.part for row in parts if row.agency_id == person.agency_id]
    reviews = reviews_of(inquiry) if whole.has_reviews else ()
    papers = authorisations_of(matter_of(inquiry)) if whole.has_papers else ()
    calendar, settings = calendar_and_plan(inquiry.lead_agency_id)
    who = replace(_who(whole, own_parts, reviews), **by_papers(inquiry, person, papers, now))
    happened, shown = happened_to(inquiry), clock_of(inquiry, now, calendar)
    plan = plan_shown(inquiry, happened.steps, parts, now, calendar, settings)
    return render_template(
        "inquiries/case.html",
        inquiry=inquiry,
        belonging=belonging,
        clock=shown,
        next=_next(whole, shown, who, parts, plan),
        plan=plan,
        waiting=whole.waiting,
        **_coordination(whole, now, calendar),
        may=steps_open_to(inquiry.status, who),
        outlet_kind=OUTLET_KINDS[inquiry.outlet.kind],
        **_answer_shown(draft, reviews, belonging.attachments),
        rows=[(row, part_clock(row, now, inquiry.finished_at, calendar)) for row in parts if row.part in _IN_TABLE],
        clocks=clocks_of(inquiry, parts, now, calendar),
        **{name: [row for row in parts if row.part is part] for name, part in _BESIDE.items()},
        **_related(belonging),
        after=afterwards(whole, who, now, calendar),
        verdicts=VERDICT,
        history=entries(happened.shown),
        earlier=happened.earlier,
        explained=explained(inquiry),
        labels=labels,
        comment_form=comment_form,
        reminded=reminded_of(inquiry) if whole.was_reminded else [],
        away=away_words(belonging.away),
        lacking=whole.untrained,
        speaking=speaking_of(inquiry, papers, now),
        sees_incident=_sees_incident(inquiry, person, own_parts),
    )


def _who(whole: Whole, own_parts: list[Part], reviews: Sequence[sa.Row]) -> Standing:
    """What the reader is to the case, papers of the head aside."""
    sealed = any(row.approved and row.voided_at is None and row.reviewer_id == reader().id for row in reviews)
    inquiry, waiting = whole.inquiry, whole.waiting
    return standing(inquiry, reader(), own_parts, whole.wrote_text, waiting=waiting, has_sealed=sealed)


def _coordination(whole: Whole, now: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """Where boxes stand in words, because of whom it is late, whose input the newest version took up."""
    inquiry, draft = whole.inquiry, whole.draft
    late = lateness_of(inquiry, now, calendar)
    return {
        "box_words": BOX,
        "lateness": lateness_words(late, is_over=inquiry.finished_at is not None),
        "sources": sources_of(inquiry, draft.number) if draft and whole.has_sources else [],
    }


def _answer_shown(draft: Text | None, reviews: Sequence[sa.Row], attachments: Sequence[File]) -> dict[str, Any]:
    """The newest version with its files and seal, and every approval, also those that fell."""
    return {
        "draft": draft,
        "seal": seal_code(draft.digest) if draft else "",
        "seals": [row for row in reviews if row.approved],
        "seal_code": seal_code,
        "draft_files": [row for row in attachments if row.goes_with],
    }


_IN_TABLE = (Part.LEAD, Part.COORDINATING)
_BESIDE = {"asked": Part.ASKED, "watching": Part.WATCHING}


def _related(belonging: Belonging) -> dict[str, Any]:
    """The inquiry that this one follows up, and those that follow it up, each with its number."""
    parent, follow_ups = belonging.parent, belonging.follow_ups
    return {
        "parent": (parent, write_number(parent.year, parent.number)) if parent else None,
        "follow_ups": [(row, write_number(row.year, row.number)) for row in follow_ups],
    }


def _sees_incident(inquiry: Inquiry, person: Person, own_parts: Sequence[Part]) -> bool:
    """Whether the room of the inquiry's incident is open to this reader, so that its name may be a link."""
    if inquiry.incident_id is None:
        return False
    return person.sees_all or bool(set(own_parts) & set(_IN_TABLE)) or inquiry.incident.agency_id == person.agency_id


def _next(whole: Whole, shown: Clock, who: Standing, parts: Sequence[sa.Row], plan: PlanShown) -> Next:
    inquiry, draft = whole.inquiry, whole.draft
    what = _what(inquiry, shown, plan)
    own, besides = _own_box(inquiry, parts)
    first = (Step.DECIDE_EXTENSION, *(() if own else NEXT[inquiry.status]), Step.RESUME)
    refuses = draft is not None and draft.ground is not None
    steps = _steps_of(inquiry, who, whole.waiting, refuses=refuses)
    offers = {step: _offer(inquiry, step, draft) for step in steps}
    acts = [_request_offer(inquiry)] if Part.ASKED in who.parts and Step.TAKE_OVER in offers else []
    acts += own + [offers.pop(step) for step in first if step in offers]
    others = besides + list(offers.values())
    if Step.DRAFT in steps_open_to(inquiry.status, who):
        others.append(_other_draft(inquiry, refuses))
    if Step.TAKE_OVER in steps_open_to(inquiry.status, who) and who.leads:
        others.append(Offer(_("Name the case officer"), url_for(".officer", inquiry_id=inquiry.id)))
    if reader().may(P.INQUIRY_LOG):
        others.append(Offer(_("Log a follow-up"), url_for(".new", follows=inquiry.id)))
    return Next(_whose_turn(inquiry), what, acts, others)


def _own_box(inquiry: Inquiry, parts: Sequence[sa.Row]) -> tuple[list[Offer], list[Offer]]:
    """What is asked of this reader's agency in its own box: now, and besides."""
    own = [row for row in parts if row.agency_id == reader().agency_id and row.part is Part.COORDINATING]
    if not own or not reader().may(P.INQUIRY_DRAFT):
        return [], []
    row = own[0]
    box = {"inquiry_id": inquiry.id, "part_id": row.id}
    if inquiry.finished_at is not None:
        return [], [Offer(_("Open our part"), url_for(".part", **box))]
    if row.box is BoxState.SUBMITTED and Role.HEAD in reader().roles:
        return [Offer(_("Read and approve our part"), url_for(".approve_part", **box))], []
    offer = Offer(_("Open our part") if row.box is BoxState.SENT else _("Write our part"), url_for(".part", **box))
    return ([], [offer]) if row.box is BoxState.SENT else ([offer], [])


def _steps_of(inquiry: Inquiry, who: Standing, waiting: sa.Row | None, *, refuses: bool) -> list[Step]:
    """The steps with a page that make sense for this reader, in order; `refuses`: the newest version is a refusal."""
    open_steps, now = set(steps_open_to(inquiry.status, who)), clock.now()
    pointless = {
        Step.ASSIGN: who.leads and not who.follows_province,
        Step.TAKE_OVER: who.leads,
        Step.ACKNOWLEDGE: inquiry.acknowledged_at is not None,
        Step.CLOSE: inquiry.closed_at is not None,
        Step.ARCHIVE: inquiry.closed_at is None,
        Step.RESUME: stands_since(inquiry.paused_at, inquiry.paused_until, now) is None,
        Step.PAUSE: Step.PAUSE in open_steps and not _passes(require_stoppable, inquiry, now),
        Step.ASK_EXTENSION: waiting is not None
        or (Step.ASK_EXTENSION in open_steps and not _passes(require_extendable, inquiry, now)),
        Step.DECIDE_EXTENSION: waiting is None,
        Step.JOIN_INCIDENT: inquiry.incident_id is not None,
        Step.LEAVE_INCIDENT: inquiry.incident_id is None,
        Step.MARK_SENSITIVE: inquiry.sensitivity != "normal",
        Step.RELEASE: refuses,
        Step.REFUSE: not refuses,
    }
    return [step for step in PAGES if step in open_steps and not pointless.get(step, False)]


def _passes(require: Callable[[Inquiry, datetime], object], inquiry: Inquiry, now: datetime) -> bool:
    try:
        require(inquiry, now)
    except BadInput:
        return False
    return True


def _offer(inquiry: Inquiry, step: Step, draft: Text | None) -> Offer:
    words = str(labels.STEP[step])
    number = draft.number if draft else 0
    match step:
        case Step.APPROVE:
            words = _("Read and approve version %(number)s", number=number)
        case Step.SUBMIT:
            words = _("Submit version %(number)s", number=number)
        case Step.DRAFT if draft and draft.ground:
            return Offer(_("Revise the refusal"), url_for(".refusal", inquiry_id=inquiry.id))
        case Step.DRAFT if number:
            words = _("Revise the answer")
    page = PAGES[step]  # a page of a higher feature is named in full
    return Offer(words, url_for(page if "." in page else f".{page}", inquiry_id=inquiry.id))


def _other_draft(inquiry: Inquiry, refuses: bool) -> Offer:
    """An answer in place of a refusal, or a refusal in place of an answer."""
    if refuses:
        return Offer(_("Write an answer instead"), url_for(".draft", inquiry_id=inquiry.id))
    return Offer(_("Refuse to give the information"), url_for(".refusal", inquiry_id=inquiry.id))


def _request_offer(inquiry: Inquiry) -> Offer:
    return Offer(_("Accept or decline to lead"), url_for(".answer_request", inquiry_id=inquiry.id))


def _whose_turn(inquiry: Inquiry) -> str:
    lead = inquiry.lead_agency.short_name if inquiry.lead_agency else ""
    match whose_turn(inquiry.status, inquiry.review_step):
        case Turn.INTAKE:
            return _("Turn of %(agency)s:", agency=inquiry.intake_agency.short_name)
        case Turn.LEAD:
            return _("Turn of %(agency)s:", agency=lead)
        case Turn.LEAD_HEADS:
            return _("Turn of the head or a deputy of %(agency)s:", agency=lead)
        case Turn.PROVINCE_HEADS:
            return _("Turn of the leadership of UBND tỉnh:")
        case Turn.NOBODY:
            return str(labels.STATUS[inquiry.status]) + "."


def _then(inquiry: Inquiry) -> str:
    """What comes after whoever's turn it is now."""
    if inquiry.status is Status.IN_REVIEW and inquiry.review_step is not required_steps(inquiry)[-1]:
        return _("Then the leadership of UBND tỉnh approves.")
    return str(labels.THEN[inquiry.status])


def _what(inquiry: Inquiry, shown: Clock, plan: PlanShown) -> str:
    if inquiry.status in labels.TASK:
        task, then = plan.task(str(labels.TASK[inquiry.status])), _then(inquiry)
        state = stop_words(inquiry) if shown.face.state is FaceState.PAUSED else f"{shown.words}."
        return f"{task} {kind_of_deadline(inquiry)}: {shown.end}. {state} {then}"
    if inquiry.status is Status.ARCHIVED:
        return _("Nothing more is to be done.")
    result = "" if inquiry.status is Status.WITHDRAWN else f"{shown.words}. "
    if inquiry.closed_at:
        return result + _("The file is closed; it goes to the archive within a year.")
    return result + _("Close the file when nothing more is expected.")

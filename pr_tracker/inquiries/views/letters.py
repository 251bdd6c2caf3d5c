"""Pages of official letters to the press: one letter with its clock explained, its acts, its PDF."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.deadlines.labels import due_words, explain
from pr_tracker.deadlines.labels_names import basis_words, sentence, term_words
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.errors import N_, NotFound
from pr_tracker.inquiries import labels_articles as labels
from pr_tracker.inquiries.actions import letters
from pr_tracker.inquiries.actions.letters import Receipt
from pr_tracker.inquiries.forms import articles as forms
from pr_tracker.inquiries.forms.handling import ActForm
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.inquiries.queries import articles as queries
from pr_tracker.inquiries.queries.articles import get_article, get_letter
from pr_tracker.inquiries.queries.visibility import get_attachment, get_visible, standing_of
from pr_tracker.inquiries.rules import Standing, Step, steps_open_to
from pr_tracker.inquiries.rules_articles import (
    ENDED,
    ONE_MORE_ROUND_AFTER,
    LetterAsk,
    LetterKind,
    LetterState,
    rounds_allowed,
)
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.inquiries.views.afterwards import Offer, letter_shown
from pr_tracker.inquiries.views.articles import form_of, kept_file
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons.labels_names import by_authority
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import id_of, member_of

P = Permission
S = LetterState


@blueprint.route("/inquiries/<id:inquiry_id>/letters/new", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def new_letter(inquiry_id: int) -> ResponseReturnValue:
    """Write a letter of the kind in the address, about the article in the address."""
    kind, article_id = member_of("kind", LetterKind), id_of("article")
    if kind is None or kind is LetterKind.RELAY:
        raise NotFound(N_("There is no such letter."))
    act = Act(
        Step.WRITE_LETTER,
        form_of(forms.LetterForm, kind=kind, article_id=article_id),
        lambda inquiry, form, by: letters.draft_letter(inquiry, kind, form.letter_text, article=form.article, **by),
        said=_("The letter is saved. A head or deputy who did not write it approves it."),
        title=str(labels.LETTER_ACT[kind]),
        button=_("Save and submit the letter"),
        lede=str(labels.LETTER_LEDE[kind]),
        template="inquiries/case_letter_form.html",
        about=lambda inquiry: _matter(inquiry, kind, article_id),
    )
    return run(inquiry_id, act)


def _matter(inquiry: Inquiry, kind: LetterKind, article_id: int | None) -> dict[str, Any]:
    """What the letter is about: the article; the round it would be, and the term it would set."""
    article, now = get_article(inquiry, article_id) if article_id else None, clock.now()
    outlet = article.outlet if article else inquiry.outlet
    earlier = queries.rounds_so_far(inquiry, kind, article, now)
    term = queries.term_for(kind, queries.usual_pace(outlet), now)
    return {
        "article": article,
        "outlet": outlet,
        "round": max((number for number, _state in earlier), default=0) + 1,
        "rounds": rounds_allowed(kind, office_day(now)),
        "term": _term(term),
    }


def _term(term: Deadline | None) -> str:
    """The press agency's term with its ground."""
    return f"{sentence(term_words(term.rule.term))} ({basis_words(term.basis)})" if term else ""


@blueprint.get("/inquiries/<id:inquiry_id>/letters/<id:letter_id>")
@requires(P.INQUIRY_VIEW)
def letter(inquiry_id: int, letter_id: int) -> str:
    """One letter: what it says, where it stands, why the press agency's term ends when it does."""
    inquiry, now = get_visible(inquiry_id, reader()), clock.now()
    found = get_letter(inquiry, letter_id)
    deadline = Deadline.from_json(found.clock) if found.clock and found.clock_version else None
    shown = letter_shown(found, now, working_calendar())
    who = standing_of(inquiry, reader(), now=now)
    return render_template(
        "inquiries/case_letter.html",
        inquiry=inquiry,
        letter=found,
        shown=shown,
        labels=labels,
        by_authority=by_authority,
        asks=[labels.ASK[LetterAsk(one)] for one in found.asks],
        answer=sentence(due_words(deadline)) if deadline else "",
        steps=explain(deadline) if deadline else [],
        evidence=get_attachment(inquiry, found.evidence_id) if found.evidence_id else None,
        term=_term(queries.term_for(found.kind, found.pace, now)),
        acts=_acts(inquiry, found, shown.state, who, now),
    )


def _acts(inquiry: Inquiry, found: PressLetter, state: LetterState, who: Standing, now: datetime) -> list[Offer]:
    """What this reader may do with a letter now, the likeliest first."""
    may = steps_open_to(inquiry.status, who)
    approves = Step.APPROVE_LETTER in may and reader().may(P.INQUIRY_APPROVE)
    others = approves and reader().id not in queries.writers_of(found)
    writes, follows = Step.WRITE_LETTER in may, Step.FOLLOW in may
    ended = state in ENDED
    offered: list[tuple[bool, str, str]] = [
        (state is S.DRAFT and others, _("Read and approve"), "approve_letter"),
        (state is S.APPROVED and follows, _("Record the sending"), "send_letter"),
        (state is S.SENT and follows, _("Record the receipt"), "receive_letter"),
        (state in (S.SENT, S.RUNNING, S.OVERDUE) and follows, _("Record what came of it"), "letter_outcome"),
        (state in (S.DRAFT, S.APPROVED) and approves, _("Return for revision"), "return_letter"),
        (state in letters.UNSENT and writes, _("Revise the letter"), "revise_letter"),
        (state in letters.UNSENT and writes, _("Drop the letter"), "drop_letter"),
        (state in (S.RUNNING, S.OVERDUE) and follows, _("Correct the receipt"), "receive_letter"),
        (ended and follows and not queries.has_later_round(found), _("Correct what came of it"), "letter_outcome"),
    ]
    here: dict[str, Any] = {"inquiry_id": inquiry.id, "letter_id": found.id}
    acts = [Offer(words, url_for(f".{page}", **here)) for is_open, words, page in offered if is_open]
    if writes and _one_more_round(found, state, now):
        where: dict[str, Any] = {"kind": found.kind.value, "article": found.article_id}
        words = _("Write round %(number)s", number=found.round + 1)
        acts.insert(0, Offer(words, url_for(".new_letter", inquiry_id=inquiry.id, **where)))
    return acts


def _one_more_round(found: PressLetter, state: LetterState, now: datetime) -> bool:
    most = rounds_allowed(found.kind, office_day(now))
    asked_again = state in ONE_MORE_ROUND_AFTER and found.kind is not LetterKind.RELAY
    return asked_again and (most is None or found.round < most) and not queries.has_later_round(found)


# --- acts on one letter -------------------------------------------------------------------------------------------


def _act(
    letter_id: int,
    step: Step,
    form: type[ActForm],
    do: Callable[[Inquiry, PressLetter, Any, dict[str, Any]], object],
    *,
    said: str,
    title: str,
    button: str = "",
    lede: str = "",
    template: str = "inquiries/case_letter_act.html",
) -> Act:
    """An act on one letter, whose page shows the letter above the fields."""
    return Act(
        step,
        form_of(form, letter_id=letter_id),
        lambda inquiry, filled, by: do(inquiry, get_letter(inquiry, letter_id), filled, by),
        said=said,
        title=title,
        button=button,
        lede=lede,
        template=template,
        about=lambda inquiry: _about(inquiry, letter_id),
    )


def _about(inquiry: Inquiry, letter_id: int) -> dict[str, Any]:
    found = get_letter(inquiry, letter_id)
    return {
        "letter": found,
        "shown": letter_shown(found, clock.now(), working_calendar()),
        "labels": labels,
        "asks": [labels.ASK[LetterAsk(one)] for one in found.asks],
        "term": _term(queries.term_for(found.kind, found.pace, clock.now())),
    }


@blueprint.route("/inquiries/<id:inquiry_id>/letters/<id:letter_id>/revise", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def revise_letter(inquiry_id: int, letter_id: int) -> ResponseReturnValue:
    """A new version of a letter that was not sent."""
    kind = get_letter(get_visible(inquiry_id, reader()), letter_id).kind
    act = Act(
        Step.WRITE_LETTER,
        form_of(forms.LetterForm, kind=kind, letter_id=letter_id),
        lambda inquiry, form, by: letters.revise_letter(
            inquiry, get_letter(inquiry, letter_id), form.letter_text, **by
        ),
        said=_("Saved as a new version of the letter. It must be approved again."),
        title=_("Revise the letter"),
        button=_("Save and submit the letter"),
        template="inquiries/case_letter_form.html",
        about=lambda inquiry: _revised(inquiry, letter_id),
    )
    return run(inquiry_id, act)


def _revised(inquiry: Inquiry, letter_id: int) -> dict[str, Any]:
    found = get_letter(inquiry, letter_id)
    matter = _matter(inquiry, found.kind, found.article_id)
    return {**matter, "round": found.round, "returned": found.returned_reason}


@blueprint.route("/inquiries/<id:inquiry_id>/letters/<id:letter_id>/approve", methods=BOTH)
@requires(P.INQUIRY_APPROVE)
def approve_letter(inquiry_id: int, letter_id: int) -> ResponseReturnValue:
    """Approve exactly the letter that was read."""
    act = _act(
        letter_id,
        Step.APPROVE_LETTER,
        forms.ApproveLetterForm,
        lambda inquiry, found, form, by: letters.approve_letter(inquiry, found, form.digest.data or "", **by),
        said=_("Approved. The document office numbers and sends the letter."),
        title=_("Approve the letter"),
        button=_("Approve this letter"),
        lede=_("You approve exactly this text. If one letter changes, it must be approved again."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/letters/<id:letter_id>/return", methods=BOTH)
@requires(P.INQUIRY_APPROVE)
def return_letter(inquiry_id: int, letter_id: int) -> ResponseReturnValue:
    """Send a letter back with a reason."""
    act = _act(
        letter_id,
        Step.APPROVE_LETTER,
        forms.LetterWhyForm,
        lambda inquiry, found, form, by: letters.return_letter(inquiry, found, form.reason.data, **by),
        said=_("The letter is returned for revision."),
        title=_("Return the letter"),
        button=_("Return for revision"),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/letters/<id:letter_id>/drop", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def drop_letter(inquiry_id: int, letter_id: int) -> ResponseReturnValue:
    """Give up a letter that was not sent."""
    act = _act(
        letter_id,
        Step.WRITE_LETTER,
        forms.LetterWhyForm,
        lambda inquiry, found, form, by: letters.drop_letter(inquiry, found, form.reason.data, **by),
        said=_("The letter is dropped."),
        title=_("Drop the letter"),
        lede=_("It is not sent. It stays readable here with your reason."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/letters/<id:letter_id>/send", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def send_letter(inquiry_id: int, letter_id: int) -> ResponseReturnValue:
    """Record number, date and sending."""
    act = _act(
        letter_id,
        Step.FOLLOW,
        forms.SendForm,
        lambda inquiry, found, form, by: letters.send_letter(
            inquiry,
            found,
            number=form.number.data,
            dated_on=form.dated_on.data,
            sent_at=form.sent_at.data,
            way=form.way.data,
            **by,
        ),
        said=_("The sending is recorded. Record the receipt as soon as it is known: the term runs from it."),
        title=_("Record the sending"),
        lede=_("Number and date are the document office's."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/letters/<id:letter_id>/receive", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def receive_letter(inquiry_id: int, letter_id: int) -> ResponseReturnValue:
    """Record when the press agency received the letter."""
    act = _act(
        letter_id,
        Step.FOLLOW,
        forms.ReceiveForm,
        lambda inquiry, found, form, by: letters.receive_letter(inquiry, found, _receipt(form), **by),
        said=_("The receipt is recorded. The press agency's term runs."),
        title=_("Record the receipt"),
    )
    return run(inquiry_id, act)


def _receipt(form: Any) -> Receipt:
    return Receipt(form.received_at.data, form.pace.data, form.next_issue_on.data)


@blueprint.route("/inquiries/<id:inquiry_id>/relay", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def relay(inquiry_id: int) -> ResponseReturnValue:
    """Record when the press agency received our written answer, which it has to publish."""
    act = Act(
        Step.FOLLOW,
        forms.RelayForm,
        lambda inquiry, form, by: letters.relay_answer(
            inquiry, number=form.number.data, dated_on=form.dated_on.data, receipt=_receipt(form), **by
        ),
        said=_("The receipt is recorded. The press agency's term runs."),
        title=str(labels.LETTER_ACT[LetterKind.RELAY]),
        button=_("Record the receipt"),
        lede=str(labels.LETTER_LEDE[LetterKind.RELAY]),
        template="inquiries/case_relay.html",
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/letters/<id:letter_id>/outcome", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def letter_outcome(inquiry_id: int, letter_id: int) -> ResponseReturnValue:
    """Record what came of a letter, with evidence."""
    act = _act(
        letter_id,
        Step.FOLLOW,
        forms.OutcomeForm,
        lambda inquiry, found, form, by: letters.record_outcome(
            inquiry,
            found,
            form.outcome.data,
            published_at=form.published_at.data,
            note=form.note.data or "",
            url=form.url.data or "",
            evidence=kept_file(inquiry, form, by) if form.in_public else None,
            **by,
        ),
        said=_("What came of the letter is recorded."),
        title=_("Record what came of it"),
        lede=_("The press agency's clock stops at the time of publication."),
    )
    return run(inquiry_id, act)

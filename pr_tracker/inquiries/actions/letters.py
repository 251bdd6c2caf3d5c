"""Official letters to the press: written, approved by a second person, sent, received, and what came of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_ladder import planned_from
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.errors import N_, BadInput, NotAllowed, StepNotAllowed
from pr_tracker.inquiries.actions.articles import require_standing
from pr_tracker.inquiries.actions.beats import begin, tell
from pr_tracker.inquiries.models import Attachment, Inquiry, Review
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.queries import articles as queries
from pr_tracker.inquiries.queries.reminding import rungs_of
from pr_tracker.inquiries.queries.speaking import authority_of
from pr_tracker.inquiries.rules import Status, Step
from pr_tracker.inquiries.rules_articles import (
    ABOUT_WRONG_WORDS,
    ENDED,
    IN_PUBLIC,
    RELAYED_KINDS,
    LetterAsk,
    LetterKind,
    LetterState,
    LetterText,
    Outcome,
    SendingWay,
    Verdict,
    next_round,
    require_pace,
    require_round,
    require_whole,
    state_of,
)
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, require_text
from pr_tracker.office_time import office_day

S = LetterState
UNSENT = frozenset({S.DRAFT, S.RETURNED, S.APPROVED})
ON_ITS_WAY = frozenset({S.SENT, S.RUNNING, S.OVERDUE})
NOT_NOW = N_("The letter has moved on: look at where it stands now.")
NOT_OWN_LETTER = N_("Whoever wrote this letter may not approve it: another head or deputy of the lead agency must.")


@dataclass(frozen=True)
class Receipt:
    """When a press agency received a letter; its next issue where the term ends with that."""

    at: datetime
    pace: OutletPace
    next_issue_on: date | None = None


def draft_letter(
    inquiry: Inquiry,
    kind: LetterKind,
    text: LetterText,
    *,
    article: Article | None = None,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> PressLetter:
    """A letter to the press agency of an article, or to the one that asked; the rounds on one matter are counted.

    Raises BadInput: nothing to correct, a missing field, or more rounds than the law of today knows.
    """
    begin(inquiry, Step.WRITE_LETTER, actor=actor, seen=seen, now=now)
    _require_matter(kind, article)
    outlet = article.outlet if article else inquiry.outlet
    require_whole(kind, text)
    require_pace(outlet.kind, text.pace)
    number = next_round(kind, queries.rounds_so_far(inquiry, kind, article, now), office_day(now))
    letter = PressLetter(
        inquiry_id=inquiry.id, article_id=article.id if article else None, outlet=outlet, kind=kind, round=number
    )
    letter.version = 1
    _write(letter, text, actor, now)
    db.session.add(letter)
    db.session.flush()
    _tell(inquiry, InquiryEvent.LETTER, letter, actor=actor, now=now, version=1, content=_content(text))
    return letter


def revise_letter(
    inquiry: Inquiry, letter: PressLetter, text: LetterText, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """A new version of a letter that was not sent; its approval falls. Raises BadInput when nothing changed."""
    begin(inquiry, Step.WRITE_LETTER, actor=actor, seen=seen, now=now)
    _require_state(letter, UNSENT, now)
    if letter.kind is LetterKind.RELAY:
        raise StepNotAllowed(NOT_NOW)
    require_whole(letter.kind, text)
    require_pace(letter.outlet.kind, text.pace)
    if text.digest == letter.digest:
        raise BadInput(N_("Nothing was changed since version %(number)s."), field="text", number=letter.version)
    voided = letter.approved_at is not None
    letter.version += 1
    _write(letter, text, actor, now)
    said = {"version": letter.version, "voids_approval": voided, "content": _content(text)}
    _tell(inquiry, InquiryEvent.LETTER, letter, actor=actor, now=now, **said)


def return_letter(
    inquiry: Inquiry, letter: PressLetter, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Send a letter back for revision, with the reason. Raises BadInput without one, NotAllowed."""
    begin(inquiry, Step.APPROVE_LETTER, actor=actor, seen=seen, now=now)
    _require_state(letter, frozenset({S.DRAFT, S.APPROVED}), now)
    letter.returned_reason = require_text(reason, "reason")
    letter.approved_at = letter.approved_by = letter.authority = None
    letter.approved_title = ""
    said = {"version": letter.version, "reason": letter.returned_reason}
    _tell(inquiry, InquiryEvent.LETTER_RETURN, letter, actor=actor, now=now, **said)


def approve_letter(
    inquiry: Inquiry, letter: PressLetter, digest: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """A head or deputy of the lead agency who did not write it approves exactly this text.

    Raises NotAllowed, or BadInput when the text is another than the one that was read.
    """
    begin(inquiry, Step.APPROVE_LETTER, actor=actor, seen=seen, now=now)
    _require_state(letter, frozenset({S.DRAFT}), now)
    if actor.id in queries.writers_of(letter):
        raise NotAllowed(NOT_OWN_LETTER)
    if digest != letter.digest:
        raise BadInput(N_("The text is no longer the one you read. Read it again."))
    letter.approved_at, letter.approved_by, letter.approved_title = now, actor, actor.title
    letter.authority = authority_of(inquiry, actor, now)
    said = {"version": letter.version, "digest": letter.digest}
    _tell(inquiry, InquiryEvent.LETTER_APPROVE, letter, actor=actor, now=now, **said)


def drop_letter(
    inquiry: Inquiry, letter: PressLetter, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """A letter that will not be sent; it stays readable, and its round is free again. Raises BadInput."""
    begin(inquiry, Step.WRITE_LETTER, actor=actor, seen=seen, now=now)
    _require_state(letter, UNSENT, now)
    letter.dropped_at, letter.dropped_reason = now, require_text(reason, "reason")
    _tell(inquiry, InquiryEvent.LETTER_DROP, letter, actor=actor, now=now, reason=letter.dropped_reason)


def send_letter(
    inquiry: Inquiry,
    letter: PressLetter,
    *,
    number: str,
    dated_on: date,
    sent_at: datetime,
    way: SendingWay,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> None:
    """The letter left the house under the document office's number; a former round is followed no longer.

    Raises BadInput, StepNotAllowed unless approved.
    """
    begin(inquiry, Step.FOLLOW, actor=actor, seen=seen, now=now)
    _require_state(letter, frozenset({S.APPROVED}), now)
    assert letter.approved_at is not None
    if not letter.approved_at.replace(second=0, microsecond=0) <= sent_at <= now:
        raise BadInput(N_("This must lie between the approval and now."), field="sent_at")
    if not office_day(letter.approved_at) <= dated_on <= office_day(sent_at):
        raise BadInput(N_("The date of the letter lies between its approval and its sending."), field="dated_on")
    require_round(letter.kind, letter.round, office_day(sent_at))
    letter.number, letter.dated_on = require_text(number, "number"), dated_on
    letter.sent_at, letter.sent_by_way = sent_at, way
    for former in queries.open_former_rounds(letter):  # the press agency now owes this round
        former.outcome, former.closed_at, former.next_reminder_at = Outcome.CLOSED, now, None
    said = {"number": letter.number, "day": dated_on.isoformat(), "at": sent_at.isoformat(), "way": way}
    _tell(inquiry, InquiryEvent.LETTER_SEND, letter, actor=actor, now=now, **said)


def receive_letter(
    inquiry: Inquiry, letter: PressLetter, receipt: Receipt, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """The press agency has the letter: its clock starts. What was recorded wrongly is recorded again.

    Raises BadInput for an impossible moment, or when the next issue's day is missing.
    """
    begin(inquiry, Step.FOLLOW, actor=actor, seen=seen, now=now)
    _require_state(letter, ON_ITS_WAY, now)
    if queries.has_later_round(letter):
        raise StepNotAllowed(N_("A further round followed: what came of this one stays."))
    assert letter.sent_at is not None
    if not letter.sent_at <= receipt.at <= now:
        raise BadInput(N_("This must lie between the sending and now."), field="received_at")
    former = letter.received_at
    _start(letter, receipt, now)
    said: dict[str, Any] = {"at": receipt.at.isoformat(), **_due(letter)}
    if former is not None:
        said["former"] = former.isoformat()
    _tell(inquiry, InquiryEvent.LETTER_RECEIVE, letter, actor=actor, now=now, **said)


def relay_answer(
    inquiry: Inquiry,
    *,
    number: str,
    dated_on: date,
    receipt: Receipt,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> PressLetter:
    """The press agency has our written answer and now has to publish it (Decree 237/2026/NĐ-CP Art 18(5)).

    The answer is the approved text itself: there is no other letter. Raises BadInput, StepNotAllowed.
    """
    begin(inquiry, Step.FOLLOW, actor=actor, seen=seen, now=now)
    require_relayed(inquiry)
    assert inquiry.released_at is not None
    assert inquiry.approved_draft is not None
    if queries.rounds_so_far(inquiry, LetterKind.RELAY, None, now):
        raise StepNotAllowed(N_("It is on record already that the press agency has the written answer."))
    if not inquiry.released_at <= receipt.at <= now:
        raise BadInput(N_("This must lie between the release and now."), field="received_at")
    if dated_on > office_day(receipt.at):
        raise BadInput(N_("The letter is dated after it was received."), field="dated_on")
    letter = PressLetter(inquiry_id=inquiry.id, outlet=inquiry.outlet, kind=LetterKind.RELAY, round=1, version=1)
    asks = (LetterAsk.PUBLISH,)
    text = LetterText(inquiry.subject, inquiry.approved_draft.text, asks=asks, pace=receipt.pace)
    _write(letter, text, inquiry.approved_draft.author, inquiry.approved_draft.saved_at)
    _approved_as_answer(letter, inquiry)
    letter.number, letter.dated_on = require_text(number, "number"), dated_on
    letter.sent_at = inquiry.released_at
    _start(letter, receipt, now)
    db.session.add(letter)
    db.session.flush()
    said = {"number": letter.number, "day": dated_on.isoformat(), "at": receipt.at.isoformat(), **_due(letter)}
    _tell(inquiry, InquiryEvent.RELAY, letter, actor=actor, now=now, **said)
    return letter


def require_relayed(inquiry: Inquiry) -> None:
    """Raises StepNotAllowed unless the press agency has to publish the answer to this case."""
    is_answered = inquiry.status is Status.ANSWERED and inquiry.answer_form is AnswerForm.WRITTEN
    if not is_answered or inquiry.kind not in RELAYED_KINDS:
        message = N_("Only a written answer on the press, or to a forwarded opinion, has to be published by the press.")
        raise StepNotAllowed(message)


def record_outcome(
    inquiry: Inquiry,
    letter: PressLetter,
    outcome: Outcome,
    *,
    published_at: datetime | None = None,
    note: str = "",
    url: str = "",
    evidence: Attachment | None = None,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> None:
    """What came of a letter, with evidence of what was published; a mistake is corrected by recording it again.

    Raises BadInput: no evidence, no reason, an impossible moment; StepNotAllowed after a further round.
    """
    begin(inquiry, Step.FOLLOW, actor=actor, seen=seen, now=now)
    _require_state(letter, ON_ITS_WAY | ENDED, now)
    if letter.outcome is not None and queries.has_later_round(letter):
        raise StepNotAllowed(N_("A further round followed: what came of this one stays."))
    has_file = evidence is not None or letter.evidence_id is not None
    _require_shown(letter, outcome, published_at, url, now, has_file=has_file)
    words = note.strip() if outcome is Outcome.PUBLISHED else require_text(note, "note")
    former = {"outcome": letter.outcome} if letter.outcome else {}
    letter.outcome, letter.outcome_note, letter.closed_at = outcome, words, now
    letter.published_at = published_at if outcome in IN_PUBLIC else None
    letter.evidence_url = url.strip() if outcome in IN_PUBLIC else ""
    letter.evidence_id = evidence.id if evidence else letter.evidence_id
    letter.next_reminder_at = None
    late = bool(published_at and outcome in IN_PUBLIC and letter.ends_at and published_at >= letter.ends_at)
    said = {"outcome": outcome, "words": words, "late": late, "former": former}
    if letter.published_at:
        said["at"] = letter.published_at.isoformat()
    _tell(inquiry, InquiryEvent.LETTER_OUTCOME, letter, actor=actor, now=now, **said)


def require_no_unfinished(inquiry: Inquiry) -> None:
    """Raises StepNotAllowed while a letter of this case waits for something: its file is not complete."""
    if queries.has_unfinished_letters(inquiry):
        raise StepNotAllowed(N_("A letter to the press is not finished: record what came of it, or drop it."))


def set_clock(letter: PressLetter, deadline: Deadline | None, *, now: datetime) -> None:
    """Store the press agency's due time with the rule version and the steps that made it; plan its reminders."""
    if deadline is None:
        letter.clock_version = ""
        letter.due_on = letter.due_at = letter.ends_at = letter.next_reminder_at = None
        return
    letter.clock, letter.clock_version = deadline.to_json(), deadline.version
    letter.due_on, letter.due_at, letter.ends_at = deadline.due_on, deadline.due_at, deadline.ends_at
    letter.next_reminder_at = planned_from(rungs_of(deadline), now)


def _start(letter: PressLetter, receipt: Receipt, now: datetime) -> None:
    require_pace(letter.outlet.kind, receipt.pace)
    letter.received_at, letter.pace = receipt.at, receipt.pace
    set_clock(letter, queries.press_clock(letter.kind, receipt.pace, receipt.at, receipt.next_issue_on), now=now)


def _write(letter: PressLetter, text: LetterText, author: Person, at: datetime) -> None:
    letter.subject, letter.text = text.subject.strip(), text.text.strip()
    letter.passage, letter.right, letter.proof = text.passage.strip(), text.right.strip(), text.proof.strip()
    letter.conclusion, letter.asks, letter.pace = text.conclusion.strip(), list(text.asks), text.pace
    letter.digest, letter.drafted_by, letter.drafted_at = text.digest, author, at
    letter.returned_reason = letter.approved_title = ""
    letter.approved_at = letter.approved_by = letter.authority = None


def _approved_as_answer(letter: PressLetter, inquiry: Inquiry) -> None:
    """The approval of a relayed answer is that of the answer."""
    query = sa.select(Review).where(Review.draft_id == inquiry.approved_draft_id, Review.approved)
    review = db.session.scalars(query.order_by(Review.id.desc()).limit(1)).one()
    letter.approved_at, letter.approved_by = review.at, db.session.get_one(Person, review.reviewer_id)
    letter.approved_title, letter.authority = review.title, review.authority


def _require_matter(kind: LetterKind, article: Article | None) -> None:
    """Raises BadInput or StepNotAllowed when there is nothing such a letter could be about."""
    if kind is LetterKind.RELAY:
        raise BadInput(N_("Our written answer needs no other letter: record when the press agency received it."))
    if article is not None:
        require_standing(article)
    if kind in ABOUT_WRONG_WORDS and (article is None or article.verdict is not Verdict.WRONG):
        raise BadInput(N_("First judge an article as quoting the answer wrong: the letter is about its words."))


def _require_state(letter: PressLetter, states: frozenset[LetterState], now: datetime) -> None:
    if state_of(letter, now) not in states:
        raise StepNotAllowed(NOT_NOW)


def _require_shown(
    letter: PressLetter, outcome: Outcome, published_at: datetime | None, url: str, now: datetime, *, has_file: bool
) -> None:
    """Of what was published: when, and a link or a file that shows it."""
    if outcome not in IN_PUBLIC:
        return
    assert letter.sent_at is not None
    if published_at is None or not letter.sent_at <= published_at <= now:
        raise BadInput(N_("This must lie between the sending and now."), field="published_at")
    if not url.strip() and not has_file:
        raise BadInput(N_("Show that it was published: give the link, or attach a file."), field="url")


def _content(text: LetterText) -> dict[str, Any]:
    """A version word for word, for the history: nothing that was written is lost."""
    return {**vars(text), "asks": list(text.asks)}


def _due(letter: PressLetter) -> dict[str, str]:
    when = letter.due_on or letter.due_at
    return {"due": when.isoformat()} if when else {}


def _tell(
    inquiry: Inquiry, event: InquiryEvent, letter: PressLetter, *, actor: Person, now: datetime, **data: Any
) -> None:
    facts: dict[str, Any] = {"letter": letter.kind, "letter_id": letter.id, "writer_id": letter.drafted_by_id}
    facts |= {"round": letter.round, "outlet": letter.outlet.name}
    tell(inquiry, event, actor=actor, now=now, **facts, **data)

"""One voice: an answer that was given becomes a statement; what it says otherwise is decided on first."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pr_tracker.accounts.models import Person
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.beats import note
from pr_tracker.inquiries.models import Draft, Inquiry
from pr_tracker.inquiries.queries.voice import contradicted_by
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import require_text
from pr_tracker.office_time import office_day
from pr_tracker.statements.actions import Said, clear, speaker_words
from pr_tracker.statements.models import Statement
from pr_tracker.statements.queries import SaidBefore, get_statement


@dataclass(frozen=True)
class Library:
    """What the releaser decides on the library: kept or not and why, until when, what it replaces, what it agrees with.

    `agrees` gives for a statement that seems to say otherwise the reason why it does not.
    """

    keep: bool = True
    keep_out_reason: str = ""
    valid_until: date | None = None
    replaces: Collection[int] = ()
    agrees: Mapping[int, str] = field(default_factory=dict)


def put_on_record(inquiry: Inquiry, library: Library, *, actor: Person, now: datetime) -> Statement | None:
    """The answer that was just given becomes a statement, in whatever form it was given; a refusal never does.

    Raises BadInput naming the field while a statement in force says otherwise and nobody decided what that means.
    """
    draft = inquiry.approved_draft
    assert draft is not None
    said = contradicted_by(inquiry, draft.text, office_day(now))
    require_decided(said, library)
    for one in said:
        if one.row.id not in library.replaces:
            reason = library.agrees[one.row.id].strip()
            facts = {"code": one.code, "statement_id": one.row.id, "reason": reason}
            note(inquiry, InquiryEvent.VOICE_AGREE, actor=actor, now=now, **facts)
    if not library.keep:
        _keep_out(inquiry, library, actor=actor, now=now)
        return None
    statement = clear(_said(inquiry, draft, library), replaces=library.replaces, actor=actor, now=now)
    note(inquiry, InquiryEvent.KEEP, actor=actor, now=now, code=statement.code, statement_id=statement.id)
    for replaced in sorted(set(library.replaces)):
        older = get_statement(replaced)
        facts = {"code": older.code, "statement_id": older.id}
        note(inquiry, InquiryEvent.VOICE_REPLACE, actor=actor, now=now, **facts)
    return statement


def require_decided(said: Iterable[SaidBefore], library: Library) -> None:
    """Raises BadInput naming the field of the first statement in force that says otherwise with nothing decided."""
    for one in said:
        _require_decided(one.row.id, one.code, library)


def _require_decided(statement_id: int, code: str, library: Library) -> None:
    if statement_id in library.replaces:
        return
    name = f"voice_{statement_id}"
    if statement_id not in library.agrees:
        message = N_("Statement %(code)s says otherwise: say whether this answer takes its place or agrees with it.")
        raise BadInput(message, field=name, code=code)
    if not library.agrees[statement_id].strip():
        raise BadInput(N_("Say why this answer agrees with statement %(code)s."), field=f"{name}_reason", code=code)


def _keep_out(inquiry: Inquiry, library: Library, *, actor: Person, now: datetime) -> None:
    reason = reason_kept_out(library)
    note(inquiry, InquiryEvent.KEEP_OUT, actor=actor, now=now, reason=reason)


def reason_kept_out(library: Library) -> str:
    """Why something said does not go into the library. Raises BadInput without one, or when it would replace one."""
    if library.replaces:
        message = N_("What is kept out of the library cannot take the place of a statement.")
        raise BadInput(message, field="keep_out")
    return require_text(library.keep_out_reason, "keep_out_reason")


def _said(inquiry: Inquiry, draft: Draft, library: Library) -> Said:
    assert inquiry.lead_agency_id is not None
    assert inquiry.answer_form is not None
    assert inquiry.released_at is not None
    assert inquiry.speaker is not None
    return Said(
        topic=inquiry.subject,
        text=draft.text,
        agency_id=inquiry.lead_agency_id,
        form=inquiry.answer_form,
        said_at=inquiry.released_at,
        said_by=speaker_words(inquiry.speaker),
        right=inquiry.speaker_right,
        valid_until=library.valid_until,
        inquiry_id=inquiry.id,
        draft_id=draft.id,
    )

"""Coordination: agencies are asked, each answers in its own box, and its own leader approves what it sends."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import DueTime, compute
from pr_tracker.deadlines.rules_ladder import planned_from
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile
from pr_tracker.files import KeptFile
from pr_tracker.inquiries.actions.beats import begin, current_part, end_part, give_part, note, tell
from pr_tracker.inquiries.models import Attachment, Inquiry, Participation
from pr_tracker.inquiries.models_parts import Contribution, PartRound
from pr_tracker.inquiries.queries import parts as queries
from pr_tracker.inquiries.queries.plan import part_due_at
from pr_tracker.inquiries.queries.reminding import rungs_of_part
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import INPUT_CLOCK_KEY, Part, require_text
from pr_tracker.inquiries.rules_parts import (
    BoxStanding,
    BoxState,
    BoxStep,
    answers_alone,
    box_after,
    require_may_in_box,
    require_questions,
)
from pr_tracker.inquiries.rules_seal import FileMark, seal_of
from pr_tracker.text import nfc

ENDED = N_("This agency is asked for its part no longer.")
MOST_AT_ONCE = 20  # agencies asked in one go


def ask(
    inquiry: Inquiry,
    agencies: Sequence[Agency],
    questions: Iterable[str],
    *,
    actor: Person,
    now: datetime,
    due_at: datetime | None = None,
    own_due: Mapping[int, datetime] | None = None,
    note_text: str = "",
    seen: int | None = None,
) -> list[Participation]:
    """Ask agencies for their input: by their time in `own_due` (agency's id), else by `due_at`.

    With neither, by the agency's own internal term or by the plan, whichever is earlier: the plan leaves the lead
    agency time to work the parts in, see queries.plan.part_due_at. Raises BadInput, NotAllowed.
    """
    begin(inquiry, Step.COORDINATE, actor=actor, seen=seen, now=now)
    asked, dues = require_questions(questions), own_due or {}
    if not agencies:
        raise BadInput(N_("Choose an agency from the list."), field="agency_ids")
    if len(agencies) > MOST_AT_ONCE:
        raise BadInput(N_("At most %(most)s agencies are asked in one go."), field="agency_ids", most=MOST_AT_ONCE)
    for agency in agencies:
        _require_askable(inquiry, agency)
        _require_to_come(dues.get(agency.id), f"due_{agency.id}", now)
    _require_to_come(due_at, "due_at", now)
    planned = part_due_at(inquiry, now)
    given = [give_part(inquiry, agency, Part.COORDINATING, actor=actor, now=now) for agency in agencies]
    for part in given:
        typed = dues.get(part.agency.id, due_at)
        with db.session.no_autoflush:  # stored in one statement, when all is known
            part.task, part.box = "\n".join(asked), BoxState.ASKED
            _set_due(part, typed, planned, now)
            part.next_reminder_at = planned_from(rungs_of_part(part, inquiry), now)
            end_part(inquiry, part.agency, Part.WATCHING, now=now)
        db.session.flush()
        round_one = {"number": 1, "questions": asked, "note": note_text.strip(), "asked_at": now}
        db.session.add(PartRound(participation_id=part.id, asked_by_id=actor.id, **round_one))
        _tell_asked(inquiry, InquiryEvent.COORDINATE, part, note_text, actor=actor, now=now)
    return given


def _require_askable(inquiry: Inquiry, agency: Agency) -> None:
    if agency.id == inquiry.lead_agency_id or current_part(inquiry, agency, Part.COORDINATING):
        raise BadInput(N_("%(agency)s takes part already."), field="agency_ids", agency=agency.name)
    if not agency.active:
        raise BadInput(N_("%(agency)s is no longer in use."), field="agency_ids", agency=agency.name)


def _require_to_come(due_at: datetime | None, field: str, now: datetime) -> None:
    if due_at is not None and due_at <= now:
        raise BadInput(N_("This moment is already past."), field=field)


def _set_due(part: Participation, typed: datetime | None, planned: datetime | None, now: datetime) -> None:
    """A typed or planned moment has no clock to explain; the agency's own term is stored with its steps."""
    deadline = compute(
        INPUT_CLOCK_KEY,
        now,
        calendar=deadlines.working_calendar(),
        settings=deadlines.terms_of(part.agency.id),
        book=deadlines.rule_book(),
    )
    assert deadline.ends_at is not None
    part.clock = part.due_on = part.due_at = None
    part.due_by_plan = typed is None and planned is not None and planned < deadline.ends_at
    if typed is not None:
        part.due_at = part.ends_at = typed
    elif planned is not None and part.due_by_plan:
        part.due_at, part.ends_at = planned, DueTime.at_minute(planned).ends_at
    else:
        part.clock, part.due_on, part.ends_at = deadline.to_json(), deadline.due_on, deadline.ends_at


def _tell_asked(
    inquiry: Inquiry, event: InquiryEvent, part: Participation, note_text: str, *, actor: Person, now: datetime
) -> None:
    by_plan = {"by_plan": True} if part.due_by_plan else {}
    said = {"remark": note_text.strip()} if note_text.strip() else {}
    tell(inquiry, event, actor=actor, now=now, **_named(part), task=part.task, **_due(part), **by_plan, **said)


def _named(part: Participation) -> dict[str, str | int]:
    return {"agency": part.agency.name, "agency_id": part.agency.id, "part_id": part.id}


def _due(part: Participation) -> dict[str, str]:
    when = part.due_on or part.due_at
    return {"due": when.isoformat()} if when else {}


def ask_again(
    inquiry: Inquiry,
    part: Participation,
    questions: Iterable[str],
    *,
    actor: Person,
    now: datetime,
    back: bool = False,
    due_at: datetime | None = None,
    note_text: str = "",
    seen: int | None = None,
) -> None:
    """Ask further questions in the same box, or `back` about what was sent (hỏi lại); a new round, the old ones stay.

    What is still owed stays due when it was, unless a time is typed; what was sent is owed anew. Its earlier lateness
    stays. Raises BadInput, NotAllowed, StepNotAllowed.
    """
    _, who = begin(inquiry, Step.COORDINATE, actor=actor, seen=seen, now=now)
    step = BoxStep.ASK_BACK if back else BoxStep.ASK_AGAIN
    require_may_in_box(step, queries.box_standing(part, actor, steers=who.steers))
    asked, state = require_questions(questions), _after(part, step)
    _require_running(part)
    _require_to_come(due_at, "due_at", now)
    last, current = queries.last_round(part), queries.current_version(part) if back else None
    with db.session.no_autoflush:
        last.due_on, last.due_at, last.ends_at, last.answered_at = part.due_on, part.due_at, part.ends_at, part.sent_at
        if part.sent_at is not None or due_at is not None:
            _set_due(part, due_at, part_due_at(inquiry, now), now)
        part.task, part.box, part.sent_at, part.sent_by = "\n".join(asked), state, None, None
        part.box_version += 1
        part.next_reminder_at = planned_from(rungs_of_part(part, inquiry), now)
        db.session.add(
            PartRound(
                participation_id=part.id,
                number=last.number + 1,
                questions=asked,
                note=note_text.strip(),
                asked_at=now,
                asked_by_id=actor.id,
                back_to_id=current.id if current else None,
            )
        )
    event = InquiryEvent.ASK_BACK if back else InquiryEvent.ASK_AGAIN
    _tell_asked(inquiry, event, part, note_text, actor=actor, now=now)


def end_coordination(
    inquiry: Inquiry, agency: Agency, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """An agency is asked no longer; what it sent stays. Raises BadInput when it takes no part."""
    begin(inquiry, Step.COORDINATE, actor=actor, seen=seen, now=now)
    if current_part(inquiry, agency, Part.COORDINATING) is None:
        raise BadInput(N_("This agency takes no part."), field="agency_id")
    end_part(inquiry, agency, Part.COORDINATING, now=now)
    tell(inquiry, InquiryEvent.RELIEVE, actor=actor, now=now, agency=agency.name)


# --- in the box -------------------------------------------------------------------------------------------


def save(
    inquiry: Inquiry,
    part: Participation,
    text: str,
    files: Sequence[KeptFile] = (),
    *,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> Contribution:
    """A new version in the agency's own box; nobody else sees it before it is approved. Raises BadInput, NotAllowed.

    `seen` is the box's version. What was before the approver is taken back; after sending it is a correction.
    """
    state, _ = _begin_in_box(inquiry, part, BoxStep.SAVE, actor=actor, now=now, seen=seen)
    text, before = nfc(require_text(text, "text")), queries.newest_version(part)
    if before is not None and before.text == text and {*before.files} == {*files} and part.box not in _UNCHANGED_ANEW:
        raise BadInput(N_("Nothing was changed since version %(number)s."), field="text", number=before.number)
    version = Contribution(
        participation_id=part.id,
        number=before.number + 1 if before else 1,
        text=text,
        digest=_seal(text, files),
        author=actor,
        saved_at=now,
        files=[*files],
    )
    db.session.add(version)
    part.box = state
    _note_in_box(inquiry, InquiryEvent.DRAFT_PART, part, version, actor=actor, now=now)
    return version


# The same words may be saved again where they have to be approved anew.
_UNCHANGED_ANEW = frozenset({BoxState.RETURNED, BoxState.ASKED, BoxState.ASKED_BACK})


def submit(inquiry: Inquiry, part: Participation, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Put the newest version before the agency's own head or deputy. Raises NotAllowed, StepNotAllowed."""
    state, _ = _begin_in_box(inquiry, part, BoxStep.SUBMIT, actor=actor, now=now, seen=seen)
    version = _version_at_hand(part)
    version.submitted_at, part.box = now, state
    _note_in_box(inquiry, InquiryEvent.SUBMIT_PART, part, version, actor=actor, now=now)


def return_version(
    inquiry: Inquiry, part: Participation, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Send a version back inside the agency; the reason stays inside it. Raises BadInput without one, NotAllowed."""
    state, _ = _begin_in_box(inquiry, part, BoxStep.RETURN, actor=actor, now=now, seen=seen)
    version, why = _version_at_hand(part), require_text(reason, "reason")
    version.returned_at, version.returned_by, version.return_reason = now, actor, why
    part.box = state
    _note_in_box(inquiry, InquiryEvent.RETURN_PART, part, version, actor=actor, now=now)


def approve(
    inquiry: Inquiry,
    part: Participation,
    *,
    actor: Person,
    now: datetime,
    digest: str | None = None,
    seen: int | None = None,
) -> Contribution:
    """Approve exactly the newest version, and so send it: the part's clock stops. `digest`: the seal the reader saw.

    The approver is the agency's head or a deputy and did not write it, or is its head, who may answer alone: that is
    recorded. An earlier approved version stays on record. Raises BadInput, NotAllowed, StepNotAllowed.
    """
    state, who = _begin_in_box(inquiry, part, BoxStep.APPROVE, actor=actor, now=now, seen=seen)
    version, former = _version_at_hand(part), queries.current_version(part)
    if version.digest != _seal(version.text, version.files) or digest not in (None, version.digest):
        raise BadInput(N_("The text is no longer the one you read. Read it again."))
    version.alone = answers_alone(who)
    if former is not None:
        former.superseded_at = now
        db.session.flush()  # there is never more than one current version
    version.approved_at, version.approved_by, version.approved_title = now, actor, actor.title
    is_answer = part.sent_at is None
    part.box = state
    if is_answer:
        part.sent_at, part.sent_by, part.next_reminder_at = now, actor, None
        _answer_rounds(part, now)
    _keep_with_the_case(inquiry, version, now)
    part.box_version += 1
    facts = {"number": version.number, "digest": version.digest, "title": actor.title, "alone": version.alone}
    late = {"late": part.ends_at is not None and now >= part.ends_at} if is_answer else {}
    event = InquiryEvent.CORRECT_PART if former is not None else InquiryEvent.CONTRIBUTE
    tell(inquiry, event, actor=actor, now=now, **_named(part), **facts, **late)
    return version


def _answer_rounds(part: Participation, now: datetime) -> None:
    """What was asked before and never answered is answered by this too."""
    open_rounds = sa.select(PartRound).where(
        PartRound.participation_id == part.id, PartRound.ends_at.is_not(None), PartRound.answered_at.is_(None)
    )
    for each in db.session.scalars(open_rounds):
        each.answered_at = now


def _keep_with_the_case(inquiry: Inquiry, version: Contribution, now: datetime) -> None:
    """The files that go with an approved version are files of the case from now on."""
    names = [file.stored_name for file in version.files]
    known = set(db.session.scalars(sa.select(Attachment.stored_name).where(Attachment.stored_name.in_(names))))
    for file in version.files:
        if file.stored_name not in known:
            db.session.add(
                Attachment(
                    inquiry_id=inquiry.id,
                    file_name=file.file_name,
                    stored_name=file.stored_name,
                    media_type=file.media_type,
                    size=file.size,
                    digest=file.digest,
                    uploaded_by_id=file.kept_by_id or version.author_id,
                    uploaded_at=now,
                )
            )


def note_file_taken(inquiry: Inquiry, part: Participation, file: KeptFile, *, actor: Person, now: datetime) -> None:
    """Who took which file of a box, in the audit log alone: others read the history (Law 91/2025/QH15)."""
    facts = {"file": file.file_name, "part_id": part.id, "agency": part.agency.name}
    record(InquiryEvent.DOWNLOAD, inquiry, actor=actor, now=now, **facts)


def _begin_in_box(
    inquiry: Inquiry, part: Participation, step: BoxStep, *, actor: Person, now: datetime, seen: int | None
) -> tuple[BoxState, BoxStanding]:
    """Load and may: the box's state after the step, and who acts."""
    leads = step in (BoxStep.APPROVE, BoxStep.RETURN)
    begin(inquiry, Step.APPROVE_PART if leads else Step.CONTRIBUTE, actor=actor, seen=None, now=now)
    _require_running(part)
    if seen is not None and seen != part.box_version:
        raise ChangedMeanwhile(N_("Somebody else changed this part while you had it open."))
    who = queries.box_standing(part, actor)
    require_may_in_box(step, who)
    return _after(part, step), who


def _after(part: Participation, step: BoxStep) -> BoxState:
    assert part.box is not None
    return box_after(part.box, step)


def _require_running(part: Participation) -> None:
    if part.ended_at is not None:
        raise BadInput(ENDED)


def _note_in_box(
    inquiry: Inquiry, event: InquiryEvent, part: Participation, version: Contribution, *, actor: Person, now: datetime
) -> None:
    """History names the step and the version, never the words: others read the history too."""
    part.box_version += 1
    note(inquiry, event, actor=actor, now=now, **_named(part), number=version.number, **_due(part))


def _version_at_hand(part: Participation) -> Contribution:
    version = queries.newest_version(part)
    if version is None:
        raise BadInput(N_("Nothing is written yet: write it first."))
    return version


def _seal(text: str, files: Iterable[KeptFile]) -> str:
    return seal_of(text, [FileMark(file.file_name, file.digest) for file in files])

"""Record that an agency informed the press by itself at a press briefing; correct the record, take it back."""

from datetime import datetime

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record, take_turn
from pr_tracker.db import db
from pr_tracker.duties import queries
from pr_tracker.duties.actions import require_head, require_turn
from pr_tracker.duties.models import PressBriefing
from pr_tracker.duties.rules import BriefingFacts, DutyEvent, changed, require_words
from pr_tracker.errors import N_, BadInput, NotAllowed, StepNotAllowed


def record_briefing(agency: Agency, facts: BriefingFacts, *, actor: Person, now: datetime) -> PressBriefing:
    """What an agency told at a press briefing of its own accord. Raises NotAllowed; BadInput for a moment to come."""
    take_turn()
    if not queries.may_act(actor, agency):
        raise NotAllowed(N_("Only the agency that owes it acts here."))
    _require_past(facts, now)
    made = PressBriefing(agency=agency, **vars(facts), recorded_at=now, recorded_by_id=actor.id, version=1)
    db.session.add(made)
    db.session.flush()
    record(DutyEvent.BRIEFING, made, actor=actor, now=now, title=facts.title, at=facts.held_at.isoformat())
    return made


def correct_briefing(
    briefing: PressBriefing, facts: BriefingFacts, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Correct what is on record; the former words stay in the history.

    Raises NotAllowed, ChangedMeanwhile, StepNotAllowed once it was taken back, BadInput for a moment to come.
    """
    _begin(briefing, actor=actor, seen=seen)
    _require_past(facts, now)
    differing = changed(vars(briefing.facts), vars(facts))
    if not differing:
        return
    for name, value in vars(facts).items():
        setattr(briefing, name, value)
    briefing.version += 1
    record(DutyEvent.BRIEFING_CORRECT, briefing, actor=actor, now=now, changed=differing, title=facts.title)


def withdraw_briefing(
    briefing: PressBriefing, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """It was recorded wrongly: it no longer counts. Only a head, with the reason.

    Raises NotAllowed, ChangedMeanwhile, StepNotAllowed, BadInput without a reason.
    """
    _begin(briefing, actor=actor, seen=seen)
    require_head(actor)
    briefing.withdrawn_reason, briefing.withdrawn_at = require_words(reason, "reason"), now
    briefing.version += 1
    data = {"title": briefing.title, "reason": briefing.withdrawn_reason}
    record(DutyEvent.BRIEFING_WITHDRAW, briefing, actor=actor, now=now, **data)


def _begin(briefing: PressBriefing, *, actor: Person, seen: int | None) -> None:
    require_turn(briefing, actor=actor, seen=seen)
    if briefing.withdrawn_at is not None:
        raise StepNotAllowed(N_("What was recorded of this press briefing was taken back meanwhile."))


def _require_past(facts: BriefingFacts, now: datetime) -> None:
    if facts.held_at > now:
        raise BadInput(N_("This moment is still to come."), field="held_at")
    require_words(facts.evidence, "evidence")

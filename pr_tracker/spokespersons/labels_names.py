"""By what right somebody speaks, in words: the one place for "B thay A theo văn bản số X ngày …"."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.office_time import write_day
from pr_tracker.spokespersons.rules_authority import (
    AuthorityEvent,
    AuthorityState,
    Paper,
    Right,
    RightKind,
)

OF_LEDGER = "ledger"  # who spoke as an old ledger has it; by what right it does not say
AUTHORITY_STATE = {
    AuthorityState.PREPARED: _l("Draft, no right yet"),
    AuthorityState.COMING: _l("Not begun"),
    AuthorityState.IN_FORCE: _l("In force now"),
    AuthorityState.ENDED: _l("Ended"),
    AuthorityState.REVOKED: _l("Revoked"),
}
AUTHORITY_EVENTS = {
    AuthorityEvent.PREPARE: _l("Authorisation prepared"),
    AuthorityEvent.CHANGE: _l("Prepared authorisation changed"),
    AuthorityEvent.GRANT: _l("Authorisation to speak given"),
    AuthorityEvent.REVOKE: _l("Authorisation to speak revoked"),
    AuthorityEvent.END: _l("Authorisation to speak ended"),
    AuthorityEvent.PRINT: _l("Authorisation printed"),
    AuthorityEvent.ADD_SCAN: _l("Scan of an authorisation added"),
    AuthorityEvent.SCAN: _l("Scan of an authorisation read"),
}


def in_place_of(name: str, giver: str, paper: Paper) -> str:
    """Whoever acts under an authority: "B thay A theo văn bản số X ngày dd/MM/yyyy"."""
    facts = {"name": name, "giver": giver, "number": paper.number, "day": write_day(paper.day)}
    return _("%(name)s in place of %(giver)s by document no. %(number)s of %(day)s", **facts)


def ground_words(right: Right) -> str:
    """By what right a person speaks."""
    if right.kind is RightKind.HEAD:
        return _("head of the agency")
    assert right.paper is not None
    if right.kind is RightKind.SPOKESPERSON:
        facts = {"number": right.paper.number, "day": write_day(right.paper.day)}
        return _("permanent spokesperson, decision no. %(number)s of %(day)s", **facts)
    return in_place_of(right.full_name, right.giver or "", right.paper)


def kept_ground_words(kept: Mapping[str, Any]) -> str:
    """The same, of a right that an act keeps (Right.to_json); "" for an act of before rights were kept."""
    if not kept:
        return ""
    if kept["kind"] == OF_LEDGER:
        return _("by the ledger")
    paper = Paper(kept["paper"]["number"], date.fromisoformat(kept["paper"]["day"])) if kept.get("paper") else None
    kind = RightKind(kept["kind"])
    right = Right(kind, None, kept["name"], kept["title"], 0, kept["agency"], None, None, paper, kept["giver"], 0)
    return ground_words(right)


def revoke_words(row: Any) -> str:
    """Why an authorisation was revoked: the head's words, or that the person left the agency."""
    return _(row.revoke_reason) if row.revoked_by_id is None and row.revoke_reason else str(row.revoke_reason)


def rights_words(rights: Sequence[Right]) -> str:
    """A person with their office and every ground on which they speak, to be chosen or read."""
    first = rights[0]
    named = ", ".join(filter(None, (first.full_name, first.title, first.agency)))
    return f"{named} ({'; '.join(dict.fromkeys(map(ground_words, rights)))})"


def by_authority(data: Mapping[str, Any]) -> str:
    """Who acted under an authority, of an act's `authority` (name, giver, number, signed_on)."""
    return in_place_of(data["name"], data["giver"], Paper(data["number"], date.fromisoformat(data["signed_on"])))

"""The seal of a text: what its SHA-256 covers, which approvals it needs, what still fits (domain.md §4, §5)."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.rules_kinds import RefusalGround


class ReviewStep(StrEnum):
    """Who approves: the leadership of the lead agency, then where needed that of UBND tỉnh."""

    AGENCY = "agency"
    PROVINCE = "province"


class VoidReason(StrEnum):
    """Why a seal no longer counts."""

    NEW_VERSION = "new_version"
    RETURNED = "returned"
    NOT_FOLLOWED = "not_followed"  # before 2026-11: an older approval of which no more is known


@dataclass(frozen=True, order=True)
class FileMark:
    """A file that goes with the text: its name and the SHA-256 of its content."""

    name: str
    digest: str


@dataclass(frozen=True)
class Seal:
    """An approval that stands: at which step, of which SHA-256."""

    step: ReviewStep
    digest: str


def text_digest_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal: whose words these are."""
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(text: str, files: Sequence[FileMark] = (), ground: RefusalGround | None = None) -> str:
    """SHA-256, hexadecimal, of exactly this text with its files and, for a refusal, its ground.

    Without files and ground it is that of the text in UTF-8, so that anybody can check it; else that of a JSON object
    with the text's SHA-256, the ground, and name and SHA-256 of each file in order. The order of the files given does
    not matter.
    """
    if not files and ground is None:
        return text_digest_of(text)
    sealed = {
        "files": [[mark.name, mark.digest] for mark in sorted(files)],
        "ground": ground.value if ground else None,
        "text": text_digest_of(text),
    }
    return hashlib.sha256(json.dumps(sealed, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def steps_required(
    *, sensitive: bool, incident: bool, agency_rule: bool, led_by_province: bool
) -> tuple[ReviewStep, ...]:
    """Which approvals a text needs, in order. UBND tỉnh, where it leads, approves once, as the lead agency."""
    twice = (sensitive or incident or agency_rule) and not led_by_province
    return (ReviewStep.AGENCY, ReviewStep.PROVINCE) if twice else (ReviewStep.AGENCY,)


def next_step(required: Sequence[ReviewStep], given: Collection[ReviewStep]) -> ReviewStep | None:
    """The first approval still missing; None when all are given."""
    return next((step for step in required if step not in given), None)


CHANGED = N_("The text or its files are no longer the ones you read. Read them again.")
BROKEN = N_("What is stored is no longer what was approved: it may not be given. Save a new version.")


def require_read(seen: str | None, seal: str) -> None:
    """Raises BadInput when the page showed another text; None: nobody read a page (import, demo)."""
    if seen is not None and seen != seal:
        raise BadInput(CHANGED)


def require_sealed(seal: str, required: Sequence[ReviewStep], given: Collection[Seal]) -> None:
    """Raises BadInput unless every required approval stands and is of exactly this seal."""
    if any(each.digest != seal for each in given):
        raise BadInput(BROKEN)
    if next_step(required, {each.step for each in given}) is not None:
        raise BadInput(N_("Not every approval that this answer needs has been given."))

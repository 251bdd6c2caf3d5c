"""The hash chain: every entry carries the digest of the one before it, so that no line can be changed unseen."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

FIRST_HASH = "0" * 64
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class Sealed:
    """What an entry's digest covers."""

    number: int
    at: datetime
    actor_id: int | None
    actor_name: str
    event: str
    subject_kind: str
    subject_id: int | None
    data: dict[str, Any]
    previous_hash: str


def digest(entry: Sealed) -> str:
    """SHA-256, in hexadecimal, over the entry's canonical JSON (UTF-8, sorted keys, microseconds in UTC)."""
    content = [
        entry.number,
        entry.at.replace(tzinfo=None).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.event,
        entry.subject_kind,
        entry.subject_id,
        entry.data,
        entry.previous_hash,
    ]
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


class FaultKind(StrEnum):
    """What can be wrong with the chain."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"


@dataclass(frozen=True)
class Fault:
    """One broken place, named by the entry's number."""

    kind: FaultKind
    number: int

"""What a backup says of itself, what makes it unfit, and what never leaves with an export. Plain Python."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from pr_tracker.errors import DomainError

MARK = "pr_tracker-backup"
FORMAT = 1
_STORED_NAME = re.compile(r"(imports/)?[0-9A-Za-z][0-9A-Za-z._-]{0,99}")

# What opens a door: kept in a backup, which nobody else may read, and left out of an export, which is for reading.
WITHHELD = frozenset(
    {
        ("calendar_feeds", "nonce"),
        ("incidents", "form_token"),
        ("inquiries", "form_token"),
        ("participants", "personal_code"),
        ("participants", "token"),
        ("passkeys", "credential_id"),
        ("passkeys", "public_key"),
        ("people", "fs_uniquifier"),
        ("people", "fs_webauthn_user_handle"),
        ("people", "mf_recovery_codes"),
        ("people", "password"),
        ("people", "tf_last_counter"),
        ("people", "tf_totp_secret"),
    }
)


class BackupEvent(StrEnum):
    """What the audit log says of backups and exports of everything."""

    MAKE = "backup:make"
    RESTORE = "backup:restore"
    EXPORT = "backup:export"
    COPY = "backup:copy"


class NotRestorable(DomainError):
    """This file, or this database, cannot be used; nothing was changed."""


@dataclass(frozen=True)
class Part:
    """One part of a backup: how much is in it and its SHA-256."""

    size: int  # rows of a table, octets of a file
    digest: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `missing` names files that rows point at and that were not there, or were damaged."""

    revision: str
    made_at: str  # ISO 8601, UTC
    engine: str
    key: str  # fingerprint of PR_TRACKER_SECRET_KEY: codes on papers are known only with the same
    audit: dict[str, Any]  # number and hash of the last entry
    tables: dict[str, Part] = field(default_factory=dict)
    files: dict[str, Part] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows, of all tables."""
        return sum(part.size for part in self.tables.values())


def key_fingerprint(key: str) -> str:
    """What tells two secret keys apart and gives neither away."""
    return hashlib.pbkdf2_hmac("sha256", key.encode(), MARK.encode(), 200_000).hex()[:16]


def write_manifest(manifest: Manifest) -> bytes:
    """As JSON, the same for the same content."""
    said = {"format": MARK, "version": FORMAT, **asdict(manifest)}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()


def read_manifest(content: bytes) -> Manifest:
    """Raises NotRestorable: not ours, of a newer program, or not understood."""
    try:
        said = json.loads(content)
        if said.pop("format") != MARK:
            raise ValueError(MARK)
        newer = said.pop("version") > FORMAT
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NotRestorable("This is not a backup of this program.") from None
    if newer:
        raise NotRestorable("The backup was made by a newer version of this program; upgrade the program first.")
    try:
        for kind in ("tables", "files"):
            said[kind] = {name: _part(part) for name, part in said[kind].items()}
        return Manifest(**{**said, "missing": tuple(said["missing"])})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NotRestorable("The backup is damaged: its list of contents cannot be read.") from None


def _part(said: dict[str, Any]) -> Part:
    return Part(int(said["size"]), str(said["digest"]), tuple(said["columns"]))


def is_stored_name(name: str) -> bool:
    """Whether a file may lie under this name: nothing that leads out of its folder."""
    return bool(_STORED_NAME.fullmatch(name))

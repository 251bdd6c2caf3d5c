"""Files people hand in: checked by their content, kept outside the web root under a random name, never changed."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import puremagic
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pr_tracker.db import Base, NfcString, UTCDateTime, db
from pr_tracker.errors import N_, BadInput

MEGABYTE = 1024 * 1024
# A scan of a paper: what every browser shows.
PAPERS = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
# What may be attached: by content, not by name. The name's ending must fit the content.
MEDIA_TYPES = {
    **PAPERS,
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
}
_WRONG = {
    False: N_("“%(name)s” is not a PDF, picture, Word, Excel, PowerPoint, MP3 or MP4 file."),
    True: N_("“%(name)s” is not a PDF or picture (PNG, JPEG)."),
}


class KeptFile(Base):
    """A file kept outside the web root: a scan of a paper, a clipping. Other tables point at it; never deleted."""

    __tablename__ = "kept_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(NfcString(200))
    stored_name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]  # octets
    digest: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the content
    kept_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime())


@dataclass(frozen=True)
class Stored:
    """Content that lies in the folder: under which name, of what type, size and SHA-256."""

    stored_name: str
    media_type: str
    size: int
    digest: str


def keep_file(
    file_name: str,
    content: bytes,
    *,
    folder: Path,
    largest: int,
    by: int | None,
    now: datetime,
    types: Mapping[str, str] = MEDIA_TYPES,
    field: str = "files",
) -> KeptFile:
    """Keep a file that a person (id `by`) handed in; its row has an id. Raises BadInput as require_file does."""
    stored = store(file_name, content, folder=folder, largest=largest, types=types, field=field)
    kept = KeptFile(file_name=file_name, **vars(stored), kept_by_id=by, kept_at=now)
    db.session.add(kept)
    db.session.flush()
    return kept


def store(
    file_name: str,
    content: bytes,
    *,
    folder: Path,
    largest: int,
    types: Mapping[str, str] = MEDIA_TYPES,
    field: str = "files",
) -> Stored:
    """Put content under a random name into `folder`; `largest` in megabytes. Raises BadInput as require_file does."""
    media_type = require_file(file_name, content, largest=largest, types=types, field=field)
    stored_name = secrets.token_hex(16)
    put(folder, stored_name, content)
    return Stored(stored_name, media_type, len(content), hashlib.sha256(content).hexdigest())


def put(folder: Path, name: str, content: bytes) -> None:
    """A file that is there whole or not at all, also after a power cut and for the other machines of a shared folder.

    It lies on the disk before this returns, so a row that names it never outlives it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = folder / f"{name}.part"
    try:
        with beside.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(folder / name)
    finally:
        beside.unlink(missing_ok=True)
    keep_names(folder)


def keep_names(folder: Path) -> None:
    """Write the folder's own list of names to the disk."""
    listed = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(listed)
    finally:
        os.close(listed)


def require_file(
    file_name: str,
    content: bytes,
    *,
    largest: int,
    types: Mapping[str, str] = MEDIA_TYPES,
    field: str = "files",
) -> str:
    """The media type of an acceptable file. Raises BadInput: empty, too large, or content unlike the name."""
    if not content:
        raise BadInput(N_("“%(name)s” is empty."), field=field, name=file_name)
    if len(content) > largest * MEGABYTE:
        raise BadInput(N_("“%(name)s” is larger than %(largest)s MB."), field=field, name=file_name, largest=largest)
    media_type = types.get(Path(file_name).suffix.lower())
    if media_type is None or not _content_is(media_type, content, file_name):
        raise BadInput(_WRONG[types is PAPERS], field=field, name=file_name)
    return media_type


def _content_is(media_type: str, content: bytes, file_name: str) -> bool:
    try:
        matches = puremagic.magic_string(content, filename=file_name)
    except (puremagic.PureError, ValueError):
        return False
    found = {match.mime_type for match in matches if match.byte_match}  # else it knows nothing but the name
    family = {"audio/mpeg": {"audio/mp3"}, "video/mp4": {"audio/mp4", "video/quicktime", "video/x-m4v"}}
    return bool(found & {media_type, *family.get(media_type, ())})

"""Files in and out of a page: several at once in, each checked by its content; out as a download nobody caches."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from flask import Response, current_app, send_file
from werkzeug.datastructures import FileStorage

from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.files import MEDIA_TYPES, require_file
from pr_tracker.web.forms import tidy

LONGEST_FILE_NAME = 200


def sent_files(
    uploads: Any, *, needed: bool = False, types: Mapping[str, str] = MEDIA_TYPES, field: str = "files"
) -> list[tuple[str, bytes]]:
    """Name and content of each file sent, one or several. Raises BadInput for the first that may not be kept."""
    uploads = uploads if isinstance(uploads, list) else [uploads]
    sent = [upload for upload in uploads if isinstance(upload, FileStorage) and upload.filename]
    if needed and not sent:
        raise BadInput(N_("Choose at least one file."), field=field)
    found = [(_plain_name(upload.filename or ""), upload.read()) for upload in sent]
    for name, content in found:
        require_file(name, content, largest=largest_file(), types=types, field=field)
    return found


def upload_folder() -> Path:
    """Where files are kept."""
    return Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"])


def largest_file() -> int:
    """The largest file one may hand in, in megabytes."""
    largest: int = current_app.config["PR_TRACKER_MAX_UPLOAD_MB"]
    return largest


def keeping() -> dict[str, Any]:
    """Where files are kept and how large they may be, as keep_file() and store() ask for it."""
    return {"folder": upload_folder(), "largest": largest_file()}


class Kept(Protocol):
    """What is on record of a file."""

    stored_name: Any
    size: Any
    digest: Any


def kept_path(kept: Kept) -> Path:
    """Where a file on record lies. Raises NotFound when it is gone from the store, or is not what was put there."""
    path = upload_folder() / kept.stored_name
    if not path.is_file():
        raise NotFound(N_("This file is on record but not in the store. Tell an administrator."))
    if path.stat().st_size != kept.size or _digest(path) != kept.digest:
        raise NotFound(N_("This file was damaged in the store: it is not what was kept. Tell an administrator."))
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]


def send_kept(path: Path, *, file_name: str, media_type: str) -> Response:
    """A file to be saved, which no cache keeps; whoever calls this has checked the reader and logged the reading."""
    response = send_file(path, mimetype=media_type, as_attachment=True, download_name=file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _plain_name(sent: str) -> str:
    """The name on one line, without folders and control characters, short enough, its ending kept."""
    name = " ".join(str(tidy(sent.replace("\\", "/").rsplit("/", 1)[-1])).split())
    suffix = Path(name).suffix[-20:]
    return name if len(name) <= LONGEST_FILE_NAME else name[: LONGEST_FILE_NAME - len(suffix)] + suffix

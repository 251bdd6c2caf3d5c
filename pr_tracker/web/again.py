"""What was sent when the system could not take it: the page that says so keeps it, to be sent again."""

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from pr_tracker.web.access import READING_METHODS

NEVER_SHOWN = "password"  # in the names of fields whose values no page repeats
CSRF = "csrf_token"  # the page writes it anew
LONG = 60  # characters: what is longer was written, not chosen


@dataclass(frozen=True)
class Sent:
    """A request that may be made once more: its address, its fields, and what was written in them."""

    address: str
    fields: tuple[tuple[str, str], ...] = ()
    had_files: bool = False

    @property
    def written(self) -> list[str]:
        """The longer texts, to be read and copied."""
        return [value for _name, value in self.fields if len(value) > LONG]

    @property
    def may_be_sent(self) -> bool:
        """Whether a button may send it: nothing of it is missing."""
        return bool(self.fields) and not self.had_files


def sent() -> Sent:
    """What this request asked for. What came to the pages of sign-in or with a password has none: it is typed again."""
    query = request.query_string.decode("utf-8", "replace")
    address = f"{request.script_root}{request.path}" + (f"?{query}" if query else "")
    if request.method in READING_METHODS:
        return Sent(address)
    try:
        fields = tuple(field for field in request.form.items(multi=True) if field[0] != CSRF)
        had_files = any(file.filename for file in request.files.values())
    except (HTTPException, OSError):  # it could not be read
        return Sent("/")
    if request.blueprint == "security" or any(NEVER_SHOWN in name for name, _value in fields):
        return Sent("/")
    return Sent(address, fields, had_files)

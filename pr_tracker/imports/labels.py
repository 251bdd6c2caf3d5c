"""In words, vi and en: verdicts on rows, states of imports, reasons, what the audit log calls them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.imports.rules import Column, ImportEvent, ImportState, Verdict

VERDICTS = {
    Verdict.NEW: _l("New"),
    Verdict.CHANGED: _l("Changed"),
    Verdict.UNCHANGED: _l("Unchanged"),
    Verdict.DOUBTFUL: _l("Doubtful"),
    Verdict.REJECTED: _l("Cannot be taken"),
}
STATES = {
    ImportState.UPLOADED: _l("Columns to be named"),
    ImportState.JUDGING: _l("Being looked at"),
    ImportState.JUDGED: _l("Nothing written yet"),
    ImportState.WRITING: _l("Being written"),
    ImportState.DONE: _l("Taken in"),
    ImportState.DROPPED: _l("Dropped"),
}
IMPORT_EVENTS = {
    ImportEvent.UPLOAD: _l("File chosen to be taken in"),
    ImportEvent.CONFIRM: _l("Taking in of a file confirmed"),
    ImportEvent.FINISH: _l("File taken in"),
    ImportEvent.DROP: _l("File dropped"),
    ImportEvent.TAKE_REJECTED: _l("Rows left out were exported"),
    ImportEvent.NAME: _l("Meaning of a name in files remembered"),
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1258": "Windows-1258",
    "tcvn3": _l("TCVN3 (ABC), converted to Unicode"),
    "vni": _l("VNI, converted to Unicode"),
}


def reason_words(reason: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    """Why, as a stored row keeps it: the column it is about, the sentence, the names it may mean."""
    message, params = reason["message"], reason.get("params", {})
    said = _(message, **params)
    column = str(reason.get("column", ""))
    words = f"{labels[column]}: {said}" if column in labels else said
    near = reason.get("suggestions") or ()
    return f"{words} {_('Perhaps: %(names)s.', names='; '.join(near))}" if near else words


def labels_of(columns: Sequence[Column]) -> dict[str, str]:
    """The columns' names in the reader's language, by their keys."""
    return {column.key: str(column.label) for column in columns}


def counts_words(counts: Mapping[str, int]) -> str:
    """What the rows of a file would do, in one line."""
    return ", ".join(f"{str(VERDICTS[one]).lower()} {counts[one.value]}" for one in Verdict if counts.get(one.value))


def about_file_words(about: str) -> str:
    """How a text was read: its encoding and what parts its cells."""
    encoding, _sep, sign = about.partition(", ")
    words = str(ENCODINGS.get(encoding, encoding))
    return _("%(encoding)s, cells parted by “%(sign)s”", encoding=words, sign=sign) if sign else words

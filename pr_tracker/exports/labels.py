"""Exports in words: the log's, and why each thing about a person is kept (Law 91/2025/QH15)."""

from typing import Any

from flask_babel import lazy_gettext as _l

from pr_tracker.exports.rules import ExportEvent

EXPORT_EVENTS: dict[ExportEvent, Any] = {
    ExportEvent.PERSON: _l("took out everything kept about a person"),
    ExportEvent.JOURNALIST: _l("took out everything kept about a journalist"),
    ExportEvent.PARTICIPANT: _l("took out everything kept about a trainee"),
    ExportEvent.AGENCY: _l("took out an agency's whole file"),
}

OF_PERSON = _l("To know who works on a matter and answers for it, and to let only them in.")
OF_JOURNALIST = _l("To answer the press agency and to ask back; work contacts only.")
OF_PARTICIPANT = _l("To invite, to call the roll and to issue the certificate.")

"""Events in words: each feature names its own, the log shows them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.audit.rules import FaultKind

_EVENTS: dict[str, Any] = {}
_DOERS: list[Callable[[Mapping[str, Any]], str]] = []

FAULTS = {
    FaultKind.CHANGED: _l("was changed after it was written"),
    FaultKind.MISSING: _l("is missing"),
    FaultKind.INSERTED: _l("was inserted from outside"),
}


_THINGS = {
    "people": _l("person %(number)s"),
    "agencies": _l("agency %(number)s"),
    "absences": _l("absence %(number)s"),
    "inquiries": _l("inquiry %(number)s"),
    "incidents": _l("incident %(number)s"),
    "inquiry_saved_views": _l("saved view %(number)s"),
    "notices": _l("notice %(number)s"),
    "statements": _l("statement %(number)s"),
    "outlets": _l("press agency %(number)s"),
    "journalists": _l("journalist %(number)s"),
    "courses": _l("course %(number)s"),
    "training_classes": _l("class %(number)s"),
    "class_sessions": _l("session %(number)s"),
    "participants": _l("trainee %(number)s"),
    "certificates": _l("certificate %(number)s"),
    "certificate_runs": _l("issue of certificates %(number)s"),
    "runs": _l("work in the background %(number)s"),
    "class_quotas": _l("quota %(number)s"),
    "duties": _l("duty %(number)s"),
    "press_conferences": _l("press conference %(number)s"),
    "spokesperson_decisions": _l("spokesperson decision %(number)s"),
    "authorisations": _l("authorisation %(number)s"),
    "notice_form": _l("form of the press conference notice"),
    "papers": _l("paper %(number)s"),
    "calendar_entries": _l("calendar entry %(number)s"),
    "clock_versions": _l("clock version %(number)s"),
    "agency_terms": _l("agency term %(number)s"),
    "province_terms": _l("province term %(number)s"),
    "agency_shares": _l("how agency %(number)s shares out its time"),
    "office_hours": _l("office hours"),
    "inquiry_ledger_entries": _l("line %(number)s from a ledger"),
    "imports": _l("import %(number)s"),
    "annual_reports": _l("annual report %(number)s"),
    "press_briefings": _l("press briefing %(number)s"),
    "paper_tasks": _l("subject of the final paper %(number)s"),
    "final_papers": _l("final paper %(number)s"),
    "class_tests": _l("test %(number)s"),
    "test_questions": _l("test question %(number)s"),
    "test_attempts": _l("attempt at a test %(number)s"),
    "feedback_forms": _l("feedback form %(number)s"),
    "certificate_layouts": _l("certificate layout %(number)s"),
    "session_materials": _l("material %(number)s"),
    "session_scans": _l("signed sheet %(number)s"),
}


def thing_words(kind: str, number: int | None) -> str:
    """What an entry is about, by its number in the database; the name of the table where nothing says more."""
    if not kind:
        return ""
    return str(_THINGS.get(kind, kind + " %(number)s")) % {"number": number if number is not None else ""}


def name_events(*labels: Mapping[Any, Any]) -> None:
    """Make the events of features known in words."""
    for named in labels:
        _EVENTS.update({event.value: words for event, words in named.items()})


def name_doers(words: Callable[[Mapping[str, Any]], str]) -> None:
    """How it is said that somebody acted in another's place: of the `authority` that an entry keeps."""
    _DOERS.append(words)


def doer_words(name: str, data: Mapping[str, Any]) -> str:
    """Who acted: by name, with whose place they took and by which paper; the system has no name."""
    authority = data.get("authority")
    return _DOERS[-1](authority) if authority and _DOERS else name or _("The system")


def events_named(besides: str = "") -> list[tuple[str, str]]:
    """Every event that a feature names, and one besides, (code, words) by its words: what the log can be asked for."""
    codes = dict.fromkeys([*_EVENTS, *filter(None, [besides])])
    return sorted(((code, event_words(code)) for code in codes), key=lambda event: event[1])


def event_words(code: str) -> str:
    """An event in words, begun as a sentence; its code where no feature names it."""
    words = str(_EVENTS.get(code, code))
    return words[:1].upper() + words[1:]

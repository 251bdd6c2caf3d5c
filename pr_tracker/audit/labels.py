"""Events in words: each feature names its own, the log shows them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from pr_tracker.audit.rules import FaultKind

_EVENTS: dict[str, Any] = {}

FAULTS = {
    FaultKind.CHANGED: _l("was changed after it was written"),
    FaultKind.MISSING: _l("is missing"),
    FaultKind.INSERTED: _l("was inserted from outside"),
}


def name_events(*labels: Mapping[Any, Any]) -> None:
    """Make the events of features known in words."""
    for named in labels:
        _EVENTS.update({event.value: words for event, words in named.items()})


def event_words(code: str) -> str:
    """An event in words, or its code where no feature names it."""
    return str(_EVENTS.get(code, code))

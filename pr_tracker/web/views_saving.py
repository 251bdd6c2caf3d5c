"""The end of every editing view: one act, one commit; a refusal goes back onto the form with nothing typed lost."""

from collections.abc import Callable, Mapping
from typing import Any

from pr_tracker.db import db
from pr_tracker.errors import BadInput, ChangedMeanwhile
from pr_tracker.web.forms import Form


def attempt(form: Form, act: Callable[[], object]) -> int:
    """Do and commit: 200; or put the refusal on the form: 422 to mend, 409 when somebody else was first."""
    if not form.validate():
        return 422
    try:
        act()
        db.session.commit()
    except (BadInput, ChangedMeanwhile) as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return 409 if isinstance(refusal, ChangedMeanwhile) else 422
    return 200


def differing(form: Any, stored: Mapping[str, Any], words: Callable[[Any], str]) -> list[tuple[str, str]]:
    """Label and stored value, in words, of each field whose stored value is not the one that was typed."""
    return [(form[name].label.text, words(value)) for name, value in stored.items() if form[name].data != value]

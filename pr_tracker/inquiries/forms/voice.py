"""Fields by which a released answer goes into the library: its end, what it replaces, what it agrees with."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from pr_tracker.inquiries.actions.voice import Library
from pr_tracker.inquiries.forms.handling import LONGEST_REASON
from pr_tracker.statements.queries import SaidBefore
from pr_tracker.web.forms import Form, OfficeDateField

REPLACES, AGREES = "replaces", "agrees"


class LibraryFields(Form):
    """What the releaser of an answer decides on the library."""

    valid_until = OfficeDateField(
        _l("The statement counts until the end of"),
        [Optional()],
        description=_l("For example 31/12/2026; empty when it has no end."),
    )
    replaces = SelectMultipleField(
        _l("Statements whose place this answer takes"),
        coerce=int,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    keep_out = BooleanField(
        _l("Not for the library of statements"), description=_l("For example private matters of a person.")
    )
    keep_out_reason = StringField(_l("Why it does not go into the library"), [Length(max=LONGEST_REASON)])

    library_offered = False

    def offer(self, said: Sequence[SaidBefore]) -> None:
        """Ask of each statement that says otherwise what that means; offer the others to be replaced."""
        self.library_offered = True
        self.replaces.choices = [
            SelectChoice(value=one.row.id, label=f"{one.code}: {one.row.topic}")
            for one in said
            if one.state.is_in_force and not one.contradicts
        ]
        if not self.replaces.choices:
            del self.replaces
        for one in said:
            if one.contradicts:
                self._ask(one)

    def _ask(self, one: SaidBefore) -> None:
        choices = [
            SelectChoice(value=REPLACES, label=_("It takes the place of %(code)s", code=one.code)),
            SelectChoice(value=AGREES, label=_("No contradiction")),
        ]
        label = _("%(code)s says otherwise. What does this answer mean?", code=one.code)
        self._add(f"voice_{one.row.id}", RadioField(label, choices=choices, validators=[Optional()]))
        why = _("Why there is no contradiction with %(code)s", code=one.code)
        self._add(f"voice_{one.row.id}_reason", StringField(why, [Length(max=LONGEST_REASON)]))

    def _add(self, name: str, unbound: Any) -> None:
        bound = self.meta.bind_field(self, unbound, {"name": name, "prefix": self._prefix})
        bound.process(request.form if self.is_submitted() else None)
        self._fields[name] = bound

    @property
    def library_fields(self) -> list[Any]:
        """What the page lays out: first what has to be decided."""
        asked = [self[name] for name in self._fields if name.startswith("voice_")]
        offered = [self[name] for name in ("replaces", "valid_until", "keep_out", "keep_out_reason") if name in self]
        return [*asked, *offered]

    def library(self) -> Library:
        """What was decided, as the action takes it."""
        asked = [name for name in self._fields if name.startswith("voice_") and name[6:].isdigit()]
        answers = {int(name[6:]): self[name].data for name in asked}
        ticked = self.replaces.data if "replaces" in self else None
        replaces = [*(ticked or []), *(one for one, chosen in answers.items() if chosen == REPLACES)]
        agrees = {one: self[f"voice_{one}_reason"].data or "" for one, chosen in answers.items() if chosen == AGREES}
        why = self.keep_out_reason.data or ""
        return Library(not self.keep_out.data, why, self.valid_until.data, replaces, agrees)

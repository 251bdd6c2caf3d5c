"""Fields of decisions on permanent spokespersons: the paper, what the portal shows, its end, its scan."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, ValidationError

from pr_tracker.spokespersons.rules import LONGEST_REASON, PUBLISHED, SpokespersonFacts
from pr_tracker.web.forms import Form, OfficeDateTimeField, Required, SeenForm, email_address

_PHONE = re.compile(r"[+\d][\d .()/-]{5,38}")


def chosen_id(value: Any) -> int | None:
    """A chosen id, None for the empty choice. Raises ValueError for anything else."""
    return None if value in (None, "", "None") else int(value)


def named_choices(rows: Iterable[Any], none: str = "") -> list[SelectChoice]:
    """People to choose from, with their titles; `none` words the choice of nobody."""
    named = [(row.id, f"{row.full_name}, {row.title}" if row.title else row.full_name) for row in rows]
    first = [SelectChoice(value="", label=none)] if none else []
    return first + [SelectChoice(value=str(key), label=words) for key, words in named]


def phone_number(_form: Any, field: StringField) -> None:
    """A telephone number, in any usual spelling."""
    if field.data and not _PHONE.fullmatch(field.data):
        raise ValidationError(_("“%(typed)s” is not a phone number. Example: 0296 3852 345", typed=field.data))


class _PublishedForm(SeenForm):
    full_name = StringField(_l("Full name"), [Required(), Length(max=120)])
    title = StringField(_l("Position"), [Required(), Length(max=120)])
    phone = StringField(_l("Work phone"), [Required(), phone_number, Length(max=40)])
    email = StringField(_l("Official e-mail"), [Required(), email_address, Length(max=255)])
    decision_number = StringField(_l("Number of the decision"), [Required(), Length(max=60)])

    @property
    def published(self) -> dict[str, str]:
        """What the portal shows, as typed."""
        return {name: self[name].data or "" for name in PUBLISHED}


class DecisionForm(_PublishedForm):
    """A decision that assigns a permanent spokesperson, with what the portal must show."""

    decided_at = OfficeDateTimeField(_l("Decision made at"), [Required()])
    replaces_id = SelectField(_l("Takes the place of"), coerce=chosen_id)
    scan = FileField(_l("Scan of the decision"))

    def offer(self, standing: Iterable[Any]) -> None:
        """The decisions whose place this one may take."""
        choices = [SelectChoice(value="", label=_("Nobody: one more spokesperson by this decision"))]
        for row in standing:
            words = _("%(name)s, decision %(number)s", name=row.full_name, number=row.decision_number)
            choices.append(SelectChoice(value=str(row.id), label=words))
        self.replaces_id.choices = choices

    def facts(self) -> SpokespersonFacts:
        """What was typed, as facts."""
        assert self.decided_at.data is not None
        return SpokespersonFacts(**self.published, decided_at=self.decided_at.data)


class CorrectForm(_PublishedForm):
    """What the portal shows, better than before, and why."""

    reason = TextAreaField(_l("Reason of the correction"), [Required(), Length(max=LONGEST_REASON)])


class EndForm(SeenForm):
    """By which paper, from when and why somebody is spokesperson no longer."""

    end_number = StringField(_l("Number of the paper that ends it"), [Required(), Length(max=60)])
    ended_at = OfficeDateTimeField(_l("Ends at"), [Required()])
    end_reason = TextAreaField(_l("Reason"), [Required(), Length(max=LONGEST_REASON)])


class MomentForm(Form):
    """Who could speak when: a moment and an agency."""

    moment = OfficeDateTimeField(_l("Moment"), [Required()])
    agency = SelectField(_l("Agency"), coerce=int)

    def offer(self, agencies: Iterable[Any]) -> None:
        """Every agency, those no longer in use too: the past is asked for."""
        self.agency.choices = [SelectChoice(value=str(row.id), label=row.name) for row in agencies]


class LinkForm(SeenForm):
    """Whose decision an old typed one is."""

    person_id = SelectField(_l("Person"), coerce=chosen_id, validators=[Required(_l("Choose a person from the list."))])


class ScanForm(SeenForm):
    """The scan of the paper."""

    scan = FileField(_l("Scan of the decision"))

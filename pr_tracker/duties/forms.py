"""Fields of duties, press conferences and the form of the notice."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from pr_tracker.accounts.models import Agency
from pr_tracker.duties.labels import FORMAT
from pr_tracker.duties.rules import (
    ITEM_COUNT,
    LONGEST_EVIDENCE,
    LONGEST_ITEM,
    BriefingFacts,
    ConferenceFacts,
    ConferenceFormat,
    NoticeSettings,
)
from pr_tracker.web.forms import OfficeDateTimeField, Required, SeenForm


def web_address(_form: SeenForm, field: StringField) -> None:
    """An address of the web, with a host."""
    try:
        parts = urlsplit(field.data or "")
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits or any(each.isspace() for each in field.data):
        raise ValidationError(
            _("“%(typed)s” is not a web address. Example: https://angiang.gov.vn/hop-bao", typed=field.data)
        )


class _EvidenceForm(SeenForm):
    evidence = TextAreaField(_l("Evidence"), [Required(), Length(max=LONGEST_EVIDENCE)])
    link = StringField(_l("Link"), [Optional(), Length(max=500), web_address])


class DoneForm(_EvidenceForm):
    """When it was done, and what shows it."""

    done_at = OfficeDateTimeField(_l("Done at"), [Required()])


class HoldForm(_EvidenceForm):
    """When the press conference was held, and what shows it."""

    done_at = OfficeDateTimeField(_l("Held at"), [Required()])


class EvidenceForm(_EvidenceForm):
    """Better evidence of what is done."""


class CancelForm(SeenForm):
    """Why something is not owed, or will not take place."""

    reason = TextAreaField(_l("Reason"), [Required(), Length(max=1000)])


class ItemsForm(SeenForm):
    """The six items of a notice, under the labels that stand now."""

    texts = FieldList(
        TextAreaField(validators=[Length(max=LONGEST_ITEM)]), min_entries=ITEM_COUNT, max_entries=ITEM_COUNT
    )

    def name_items(self, labels: Sequence[str]) -> None:
        """Put the labels on the fields."""
        for entry, label in zip(self.texts, labels, strict=True):
            entry.label.text = label


class ConferenceForm(SeenForm):
    """The plan of a press conference."""

    agency_id = SelectField(_l("Organiser"), coerce=int)
    title = StringField(_l("Subject"), [Required(), Length(max=300)])
    starts_at = OfficeDateTimeField(_l("Planned start"), [Required()])
    place = StringField(_l("Place, or address online"), [Required(), Length(max=300)])
    format = RadioField(
        _l("Format"),
        choices=lambda: [SelectChoice(value=each.value, label=str(words)) for each, words in FORMAT.items()],
        default=ConferenceFormat.IN_PERSON.value,
        validators=[Required()],
    )
    chair = StringField(_l("Chair"), [Required(), Length(max=200)])
    content = TextAreaField(_l("Content"), [Length(max=LONGEST_ITEM)])
    periodic = BooleanField(_l("This is the periodic press conference of the province"))

    def offer(self, agencies: Iterable[Agency]) -> None:
        """The agencies one may plan for; the question of the period only where the province is among them."""
        offered = list(agencies)
        self.agency_id.choices = [SelectChoice(value=str(each.id), label=each.name) for each in offered]

    def facts(self) -> ConferenceFacts:
        """What was typed, as facts."""
        typed: dict[str, Any] = self.data
        return ConferenceFacts(
            title=typed["title"],
            starts_at=typed["starts_at"],
            place=typed["place"],
            format=ConferenceFormat(typed["format"]),
            periodic=bool(typed.get("periodic")),
            chair=typed["chair"],
            content=typed["content"] or "",
        )


class BriefingForm(_EvidenceForm):
    """What an agency told at a press briefing of its own accord."""

    agency_id = SelectField(_l("Who informed the press"), coerce=int)
    title = StringField(_l("What was told"), [Required(), Length(max=300)])
    held_at = OfficeDateTimeField(_l("Time of the briefing"), [Required()])
    host = StringField(_l("Who held the briefing"), [Required(), Length(max=200)])
    speaker = StringField(_l("Who spoke"), [Required(), Length(max=200)])

    def offer(self, agencies: Iterable[Agency]) -> None:
        """The agencies one may record for."""
        self.agency_id.choices = [SelectChoice(value=str(each.id), label=each.name) for each in agencies]

    def facts(self) -> BriefingFacts:
        """What was typed, as facts."""
        typed: dict[str, Any] = self.data
        names = ("title", "held_at", "host", "speaker", "evidence")
        return BriefingFacts(**{name: typed[name] for name in names}, link=typed["link"] or "")


class NoticeSettingsForm(SeenForm):
    """To whom the notice of a press conference goes, and what its six items are called."""

    addressee = StringField(_l("Addressee"), [Length(max=200)])
    labels = FieldList(StringField(validators=[Length(max=120)]), min_entries=ITEM_COUNT, max_entries=ITEM_COUNT)

    def settings(self) -> NoticeSettings:
        """What was typed; an empty line keeps the shipped words."""
        return NoticeSettings(self.addressee.data or "", tuple(line.data or "" for line in self.labels))

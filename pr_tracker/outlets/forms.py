"""Fields of a press agency and of a journalist."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from pr_tracker.outlets.labels import OUTLET_KINDS
from pr_tracker.outlets.rules import (
    LONGEST_CARD,
    LONGEST_JOURNALIST,
    LONGEST_NAME,
    LONGEST_PHONE,
    JournalistFacts,
    OutletFacts,
    OutletKind,
)
from pr_tracker.web.forms import Form, OfficeDateField, Required

_WEB_ADDRESS = re.compile(r"https?://[^\s/.]+(\.[^\s/.]+)+(/\S*)?", re.IGNORECASE)
_EMAIL_WRONG = _l("This is not an e-mail address. Example: toasoan@bao.vn")


def _with_scheme(value: str | None) -> str | None:
    return f"https://{value}" if value and "://" not in value else value


def _kinds() -> list[SelectChoice]:
    return [SelectChoice(value=kind.value, label=str(label)) for kind, label in OUTLET_KINDS.items()]


class OutletForm(Form):
    """A press agency."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = StringField(_l("Name"), validators=[Required(), Length(max=LONGEST_NAME)])
    short_name = StringField(_l("Short name"), validators=[Length(max=60)])
    kind = RadioField(
        _l("Kind"), choices=_kinds, coerce=OutletKind, validators=[Required(_l("Choose what it publishes."))]
    )
    address = StringField(_l("Address"), validators=[Length(max=300)])
    phone = StringField(_l("Phone"), validators=[Length(max=LONGEST_PHONE)])
    email = StringField(_l("E-mail"), validators=[Optional(), Email(_EMAIL_WRONG), Length(max=255)])
    website = StringField(_l("Website"), validators=[Length(max=255)], filters=[_with_scheme])

    def validate_website(self, field: Any) -> None:
        """A web address, so that the link on the page leads to one."""
        if field.data and not _WEB_ADDRESS.fullmatch(field.data):
            raise ValidationError(_("“%(typed)s” is not a web address. Example: bao.vn", typed=field.data))

    def facts(self) -> OutletFacts:
        """What was typed, as facts."""
        return OutletFacts(**{name: self[name].data for name in OutletFacts.__dataclass_fields__})


class JournalistForm(Form):
    """A journalist; the agency is chosen from the list, or its name is typed."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    outlet_id = HiddenField()
    full_name = StringField(_l("Full name"), validators=[Required(), Length(max=LONGEST_JOURNALIST)])
    outlet_name = StringField(_l("Press agency"), validators=[Required(), Length(max=LONGEST_NAME)])
    press_card = StringField(_l("Press card number"), validators=[Length(max=LONGEST_CARD)])
    letter_number = StringField(_l("Letter of introduction, number"), validators=[Length(max=60)])
    letter_on = OfficeDateField(_l("Letter of introduction, date"), validators=[Optional()])
    phone = StringField(_l("Work phone"), validators=[Length(max=LONGEST_PHONE)])
    email = StringField(_l("Work e-mail"), validators=[Optional(), Email(_EMAIL_WRONG), Length(max=255)])

    def chosen_outlet_id(self) -> int | None:
        """The id that the list put beside the typed name, if it did."""
        raw = str(self.outlet_id.data or "")
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None

    def facts(self, outlet_id: int) -> JournalistFacts:
        """What was typed, as facts."""
        named = [name for name in JournalistFacts.__dataclass_fields__ if name != "outlet_id"]
        return JournalistFacts(outlet_id=outlet_id, **{name: self[name].data for name in named})

"""Fields of an agency, of a person, and of what a person chooses for themselves."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from pr_tracker.accounts import queries
from pr_tracker.accounts.labels import AGENCY_KINDS, ROLES, SIGNING_FORMS
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.permissions import Role
from pr_tracker.web.forms import Form, OfficeDateField, OfficeDateTimeField, Required
from pr_tracker.web.i18n import LANGUAGES

_CODE = re.compile(r"[\w&./-]{1,30}")
_PHONE = re.compile(r"[+\d][\d .()-]{5,38}")


def _choices(labels: dict[Any, Any]) -> Any:
    return lambda: [SelectChoice(value=member.value, label=str(label)) for member, label in labels.items()]


def _number_or_none(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class AgencyForm(Form):
    """An agency; head and whether it is active only for one that exists."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = StringField(_l("Name"), validators=[Required(), Length(max=200)])
    short_name = StringField(_l("Short name"), validators=[Required(), Length(max=100)])
    code = StringField(_l("Code"), validators=[Required(), Length(max=30)])
    kind = RadioField(_l("Kind"), choices=_choices(AGENCY_KINDS), coerce=AgencyKind, validators=[Required()])
    superior_id = SelectField(_l("Superior agency"), coerce=_number_or_none)
    signing_form = RadioField(
        _l("Signing form"), choices=_choices(SIGNING_FORMS), coerce=SigningForm, validators=[Required()]
    )
    head_id = SelectField(_l("Head"), coerce=_number_or_none)
    head_since = OfficeDateTimeField(_l("Head since"), validators=[Optional()])
    second_approval = BooleanField(_l("Answers are also approved by the leadership of UBND tỉnh"))
    active = BooleanField(_l("In use"), default=True)

    def __init__(self, *args: Any, agency: Agency | None = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=agency, **kwargs)
        above = [(row.id, row.name) for row in queries.agencies_for_choice() if agency is None or row.id != agency.id]
        if agency is not None and agency.superior is not None and not agency.superior.active:
            above.append((agency.superior.id, agency.superior.name))
        self.superior_id.choices = _with_none(_("None: the top of the tree"), above)
        if agency is None:
            del self.second_approval, self.head_id, self.head_since, self.active
        else:
            leaders = [(row.id, row.full_name) for row in queries.people_of(agency.id, Role.HEAD)]
            self.head_id.choices = _with_none(_("Not named yet"), leaders)

    def validate_code(self, field: Any) -> None:
        """Letters and digits without spaces, as in document numbers."""
        if field.data and not _CODE.fullmatch(field.data):
            raise ValidationError(_("“%(typed)s”: use letters, digits and hyphens without spaces.", typed=field.data))


def _with_none(label: str, rows: list[tuple[int, str]]) -> list[SelectChoice]:
    return [SelectChoice(value="", label=label), *(SelectChoice(value=str(key), label=name) for key, name in rows)]


class BoxesField(SelectMultipleField):
    """Several of a few, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PersonForm(Form):
    """A person; whether they are active only for one that exists, an invitation only for a new one."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    full_name = StringField(_l("Full name"), validators=[Required(), Length(max=120)])
    title = StringField(_l("Title"), validators=[Length(max=120)])
    email = StringField(
        _l("Official e-mail"),
        validators=[
            Required(),
            Email(_l("This is not an e-mail address. Example: ten@angiang.gov.vn")),
            Length(max=255),
        ],
    )
    phone = StringField(_l("Work phone"), validators=[Length(max=40)])
    agency_id = SelectField(_l("Agency"), coerce=_number_or_none, validators=[Required(_l("Choose an agency."))])
    roles = BoxesField(
        _l("Roles"), choices=_choices(ROLES), coerce=Role, validators=[Required(_l("Choose at least one role."))]
    )
    active = BooleanField(_l("May sign in"), default=True)
    invite = BooleanField(_l("Send a link to set the password by mail now"), default=True)

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        roles = {"roles": sorted(person.roles)} if person else {}
        super().__init__(*args, obj=person, **{**roles, **kwargs})
        if person is not None and self.roles.raw_data is None:
            self.roles.data = sorted(person.roles)
        rows = [(row.id, row.name) for row in queries.agencies_for_choice()]
        if person is not None and not person.agency.active:
            rows.append((person.agency.id, person.agency.name))
        self.agency_id.choices = _with_none(_("Choose an agency"), rows)
        if person is None:
            del self.active
        else:
            del self.invite

    def validate_phone(self, field: Any) -> None:
        """A telephone number, in any usual spelling."""
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError(_("“%(typed)s” is not a phone number. Example: 0296 3852 345", typed=field.data))


class AbsenceForm(Form):
    """From when to when somebody is away, and who stands in."""

    from_on = OfficeDateField(_l("First day away"), validators=[Required()])
    to_on = OfficeDateField(_l("Last day away"), validators=[Required()])
    substitute_id = SelectField(
        _l("Substitute"), coerce=_number_or_none, validators=[Required(_l("Choose a person from the list."))]
    )
    note = StringField(_l("Note"), validators=[Length(max=300)])

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = queries.possible_substitutes(person)
        named = [(row.id, f"{row.full_name}, {row.title}" if row.title else row.full_name) for row in rows]
        self.substitute_id.choices = _with_none(_("Choose a person"), named)


class PreferencesForm(Form):
    """What a person chooses for themselves."""

    language = RadioField(
        _l("Language"),
        choices=lambda: [SelectChoice(value=code, label=name) for code, name in LANGUAGES.items()],
        validators=[Required()],
    )
    shortcuts = BooleanField(_l("Single-letter keyboard shortcuts"), id="single-letters")

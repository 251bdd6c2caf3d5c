"""The form every page builds on: our translations, tidy text, dates as the office writes them."""

import re
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import get_domain, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import Email, StopValidation
from wtforms.widgets import TextInput

from pr_tracker.errors import BadInput, DomainError
from pr_tracker.office_time import OFFICE_ZONE, write_day, write_moment
from pr_tracker.text import nfc
from pr_tracker.web.errors import say

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M")

_CLEARER = {"Not a valid choice.": _l("Choose one of these.")}  # WTForms says it of a choice not made, too
_EMAIL_WRONG = _l("This is not an e-mail address. Example: ten@angiang.gov.vn")


def tidy(value: Any) -> Any:
    """Typed text without control characters and outer spaces, in NFC, with plain line ends."""
    if not isinstance(value, str):
        return value
    return nfc(_CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def _takes_prose(field_class: type[Field]) -> bool:
    """Whether typed text may be tidied: text fields do, passwords must stay as typed."""
    return issubclass(field_class, StringField) and not issubclass(field_class, PasswordField | LinesField)


class _Translations:
    """WTForms' own messages through the application's catalogue."""

    def gettext(self, string: str) -> str:
        return str(_CLEARER[string]) if string in _CLEARER else gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return get_domain().get_translations().ngettext(singular, plural, n)  # WTForms fills the numbers in itself


class Form(FlaskForm):
    """Base of all forms; `add_problem` puts a DomainError beside its field or on top."""

    class Meta(FlaskForm.Meta):
        """Where messages come from, and what happens to typed text."""

        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if _takes_prose(unbound_field.field_class):
                options = {**options, "filters": [tidy, *options.get("filters", ()), *filters]}
            return unbound_field.bind(form=form, **options)

    def add_problem(self, error: DomainError) -> None:
        """Show a refusal next to the field it names, else above the form."""
        name = error.field if isinstance(error, BadInput) else None
        if name and name in self:
            self[name].errors = [*self[name].errors, say(error)]
        else:
            self.form_errors.append(say(error))


class SeenForm(Form):
    """A form that says which version its page showed."""

    seen = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version looked at; 0, which no row has, for anything else."""
        typed = str(self.seen.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0

    def show(self, version: int) -> None:
        """The form goes on from this version."""
        self.seen.data, self.seen.raw_data = str(version), None


def email_address(form: Form, field: StringField) -> None:
    """An e-mail address; an empty field is told so once, by Required."""
    if field.data:
        Email(_EMAIL_WRONG)(form, field)


class OfficeDateTimeField(DateTimeLocalField):
    """A wall-clock moment of the office, written 16:30 20/11/2026, as an aware instant in UTC.

    A text field: a browser's own picker writes dates as its language does, not as the office does.
    """

    widget = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", list(_MOMENTS))
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return write_moment(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        for form in _MOMENTS:
            try:
                naive = datetime.strptime(valuelist[0].strip(), form)  # noqa: DTZ007 - the zone follows
                self.data = naive.replace(tzinfo=OFFICE_ZONE).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            if 1990 <= naive.year <= 2100:
                return
        self.data = None
        raise ValueError(gettext("“%(typed)s” is not a date and time. Example: 16:30 20/11/2026", typed=valuelist[0]))


class OfficeDateField(DateField):
    """A calendar day, written 20/11/2026."""

    widget = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", ["%Y-%m-%d", "%d/%m/%Y"])
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return write_day(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        for form in self.strptime_format:
            try:
                day: date = datetime.strptime(valuelist[0].strip(), form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            if 1990 <= day.year <= 2100:
                self.data = day
                return
        raise ValueError(gettext("“%(typed)s” is not a date. Example: 20/11/2026", typed=valuelist[0]))


class LinesField(TextAreaField):
    """One item a line, empty lines dropped."""

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = tidy(valuelist[0]).split("\n") if valuelist else []
        self.data = [line.strip() for line in lines if line.strip()]


class Required:
    """The field must be filled; says so in its own words, and nothing more is asked of an empty field."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it so

    def __init__(self, message: Any = None) -> None:
        self.message = message or _l("Please fill this in.")

    def __call__(self, form: Any, field: Field) -> None:
        if field.data in (None, "", []) and not field.errors:
            raise StopValidation(str(self.message))

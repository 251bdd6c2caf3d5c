"""Fields of cleared statements: record what was published, set the end, replace, withdraw."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from pr_tracker.office_time import office_day, write_day
from pr_tracker.statements.actions import Said
from pr_tracker.statements.labels import ANSWER_FORM
from pr_tracker.statements.rules import LONGEST_TOPIC, AnswerForm, write_code
from pr_tracker.web.forms import Form, OfficeDateField, OfficeDateTimeField, Required

LONGEST_TEXT = 30000
LONGEST_REASON = 4000


def web_address(_form: Form, field: StringField) -> None:
    """An address of the web, with a host."""
    try:
        parts = urlsplit(field.data or "")
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits or any(each.isspace() for each in field.data or ""):
        raise ValidationError(
            _("“%(typed)s” is not a web address. Example: https://angiang.gov.vn/thong-cao", typed=field.data)
        )


class SeenForm(Form):
    """A form that says which version of the statement its page showed."""

    seen = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version looked at; 0, which no statement has, for anything else."""
        typed = str(self.seen.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def show(self, version: int) -> None:
        """The form goes on from this version."""
        self.seen.data, self.seen.raw_data = str(version), None


class PublishedForm(Form):
    """What an agency published by itself."""

    agency_id = SelectField(_l("Agency that spoke"), coerce=int, choices=[])
    topic = StringField(_l("On what"), [Required(), Length(max=LONGEST_TOPIC)])
    text = TextAreaField(_l("Words"), [Required(), Length(max=LONGEST_TEXT)], render_kw={"rows": 12})
    answer_form = RadioField(
        _l("Form of speaking"), choices=[], coerce=AnswerForm, validators=[Required(_l("Choose the form."))]
    )
    said_at = OfficeDateTimeField(_l("Said at"), [Required()])
    said_by = StringField(_l("Said by"), [Required(), Length(max=300)])
    link = StringField(_l("Link"), [Optional(), Length(max=500), web_address])
    valid_until = OfficeDateField(_l("Counts until the end of"), [Optional()])

    def prepare(self, agencies: Sequence[tuple[int, str]]) -> None:
        """What may be chosen."""
        self.agency_id.choices = [SelectChoice(value=ident, label=name) for ident, name in agencies]
        self.answer_form.choices = [SelectChoice(value=form.value, label=str(ANSWER_FORM[form])) for form in AnswerForm]

    def said(self) -> Said:
        """What was typed, as the action takes it."""
        assert self.said_at.data is not None  # the form has asked
        return Said(
            topic=self.topic.data or "",
            text=self.text.data or "",
            agency_id=self.agency_id.data,
            form=self.answer_form.data,
            said_at=self.said_at.data,
            said_by=self.said_by.data or "",
            link=self.link.data or "",
            valid_until=self.valid_until.data,
        )


class ValidityForm(SeenForm):
    """Until when it counts."""

    valid_until = OfficeDateField(_l("Counts until the end of"), [Optional()])


class WithdrawForm(SeenForm):
    """Why the province no longer stands by it."""

    reason = TextAreaField(_l("Reason"), [Required(), Length(max=LONGEST_REASON)], render_kw={"rows": 4})


class SupersedeForm(SeenForm):
    """Which statement takes its place."""

    chosen = RadioField(_l("Said later on the same matter"), choices=[], validators=[Optional()])
    newer = StringField(_l("Or its number"), [Optional(), Length(max=30)])

    def prepare(self, rows: Sequence[sa.Row]) -> None:
        """What may be chosen: statements like it that were said later."""
        self.chosen.choices = [
            SelectChoice(
                value=write_code(row.year, row.number),
                label=f"{write_code(row.year, row.number)}, {write_day(office_day(row.said_at))}: {row.topic}",
            )
            for row in rows
        ]

    @property
    def code(self) -> str:
        """What was typed, else what was chosen."""
        return self.newer.data or self.chosen.data or ""

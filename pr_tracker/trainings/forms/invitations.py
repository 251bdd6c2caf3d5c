"""Fields of answers to invitations and of naming people."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from pr_tracker.office_time import office_day, write_time
from pr_tracker.trainings.forms.plan import BoxesField, Versioned
from pr_tracker.trainings.rules_invitations import LONGEST_REASON, LetterFacts
from pr_tracker.trainings.rules_roster import LONGEST_NAME, LONGEST_TITLE, Entry
from pr_tracker.web.formatting import long_day
from pr_tracker.web.forms import Form, OfficeDateField, Required, email_address


class ApologyForm(Form):
    """Who cannot come says why and, where there are several sessions, to which; all of them to begin with."""

    sessions = BoxesField(_l("Cannot come to"), coerce=int)
    reason = StringField(_l("Reason"), validators=[Required(), Length(max=LONGEST_REASON)])

    def offer(self, ahead: Sequence[Any]) -> None:
        """The sessions one may apologise from."""
        self.sessions.choices = [SelectChoice(value=row.id, label=_session_words(row)) for row in ahead]
        if not self.is_submitted():
            self.sessions.data = [row.id for row in ahead]
        elif len(ahead) > 1:
            self.sessions.validators = [Required(_l("Choose at least one session."))]


def _session_words(row: Any) -> str:
    return f"{write_time(row.starts_at)}, {long_day(office_day(row.starts_at))}: {row.topic}"


class NomineeForm(Versioned):
    """Somebody of one's own agency."""

    full_name = StringField(_l("Full name"), validators=[Required(), Length(max=LONGEST_NAME)])
    title = StringField(_l("Position"), validators=[Length(max=LONGEST_TITLE)])
    email = StringField(_l("Work e-mail"), validators=[Optional(), email_address, Length(max=255)])
    phone = StringField(_l("Work phone"), validators=[Length(max=60)])

    def entry(self, **agency: Any) -> Entry:
        """What was typed, with the agency it is for."""
        names = ("full_name", "title", "email", "phone")
        typed: dict[str, Any] = {name: self[name].data or "" for name in names}
        return Entry(**typed, **agency)


class LetterForm(Versioned):
    """What the letters of a class say besides its plan."""

    note = TextAreaField(_l("Also in the letter"), validators=[Length(max=2000)])
    contact = StringField(_l("Whom to ask"), validators=[Length(max=300)])
    number = StringField(_l("Number of the letter"), validators=[Length(max=60)])
    signed_on = OfficeDateField(_l("Signed on"), validators=[Optional()])

    def facts(self) -> LetterFacts:
        """What was typed."""
        return LetterFacts(self.number.data or "", self.signed_on.data, self.note.data or "", self.contact.data or "")


class NamesForm(Form):
    """Many people at once: typed or pasted, or a sheet of Excel, which is put into the lines to be looked at."""

    sheet = FileField(_l("Excel sheet"))
    lines = TextAreaField(_l("People, one a line"), validators=[Length(max=200_000)])

"""Fields of rosters."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Email, Length, Optional

from pr_tracker.trainings.forms.plan import Versioned
from pr_tracker.trainings.rules_roster import LONGEST_AGENCY, LONGEST_NAME, LONGEST_TITLE, Entry
from pr_tracker.web.forms import Form, Required

_EMAIL_WRONG = _l("This is not an e-mail address. Example: ten@angiang.gov.vn")


class EntryForm(Versioned):
    """One row of a roster."""

    full_name = StringField(_l("Full name"), validators=[Required(), Length(max=LONGEST_NAME)])
    title = StringField(_l("Position"), validators=[Length(max=LONGEST_TITLE)])
    agency_name = StringField(_l("Agency"), validators=[Length(max=LONGEST_AGENCY)])
    phone = StringField(_l("Work phone"), validators=[Length(max=60)])
    email = StringField(_l("Work e-mail"), validators=[Optional(), Email(_EMAIL_WRONG), Length(max=255)])

    def entry(self) -> Entry:
        """What was typed."""
        names = ("full_name", "title", "agency_name", "phone", "email")
        typed: dict[str, Any] = {name: self[name].data or "" for name in names}
        return Entry(**typed)


class ReasonForm(Form):
    """Why somebody is taken off a roster."""

    reason = StringField(_l("Reason"), validators=[Required(), Length(max=300)])

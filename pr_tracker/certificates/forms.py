"""Fields for issuing, reissuing and revoking certificates, and of their layout."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from pr_tracker.certificates.rules_layout import LONGEST, Layout
from pr_tracker.trainings.rules_roster import LONGEST_AGENCY, LONGEST_NAME, LONGEST_TITLE
from pr_tracker.web.forms import Form, OfficeDateField, Required, SeenForm


class Dated(Form):
    """The day that stands on a certificate."""

    issued_on = OfficeDateField(_l("Day on the certificate"), validators=[Required()])

    @property
    def day(self) -> date:
        """The day, once the form is valid."""
        assert self.issued_on.data is not None
        return self.issued_on.data


class IssueForm(Dated):
    """Certificates in one go; who gets one is ticked in the table."""


class RevokeForm(SeenForm):
    """Why a certificate is taken back."""

    reason = StringField(_l("Reason"), validators=[Required(), Length(max=300)])


class ReissueForm(SeenForm, Dated):
    """What is to stand on the new certificate, and why another is needed."""

    full_name = StringField(_l("Full name"), validators=[Required(), Length(max=LONGEST_NAME)])
    title = StringField(_l("Position"), validators=[Length(max=LONGEST_TITLE)])
    agency_name = StringField(_l("Agency"), validators=[Length(max=LONGEST_AGENCY)])
    reason = StringField(_l("Reason"), validators=[Required(), Length(max=300)])


class LayoutForm(Form):
    """Every text of the certificates of a course."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    issuer = TextAreaField(_l("Who issues it, at the upper left"), validators=[Required(), Length(max=LONGEST)])
    heading = StringField(_l("Heading"), validators=[Required(), Length(max=80)])
    lead = StringField(_l("Line above the name"), validators=[Length(max=120)])
    person = StringField(_l("Name, in large letters"), validators=[Required(), Length(max=120)])
    about = TextAreaField(_l("Below the name"), validators=[Length(max=300)])
    body = TextAreaField(_l("What for"), validators=[Required(), Length(max=LONGEST)])
    number = StringField(_l("Number"), validators=[Required(), Length(max=120)])
    dated = StringField(_l("Place and day"), validators=[Required(), Length(max=120)])
    authority = TextAreaField(_l("Who signs: authority and title"), validators=[Length(max=200)])
    signer = StringField(_l("Name of the signer"), validators=[Length(max=120)])
    framed = BooleanField(_l("Draw the frame"))

    def layout(self) -> Layout:
        """What was typed, as a layout."""
        typed: dict[str, Any] = {name: self[name].data or "" for name in Layout.texts()}
        return Layout(**typed, framed=bool(self.framed.data))

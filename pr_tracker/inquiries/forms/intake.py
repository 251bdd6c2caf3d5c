"""The form that logs an inquiry; only shape is checked here, the rest is the action's."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from pr_tracker.inquiries import labels
from pr_tracker.inquiries.rules_kinds import Channel, Kind, Sensitivity, Urgency
from pr_tracker.outlets.labels import OUTLET_KINDS
from pr_tracker.outlets.rules import LONGEST_NAME, OutletKind
from pr_tracker.web.forms import Form, LinesField, OfficeDateTimeField, Required

LONGEST_SUBJECT = 300


def choices(words: dict[Any, Any]) -> list[SelectChoice]:
    """An enum's labels as choices, in the order of the enum."""
    return [SelectChoice(member.value, label) for member, label in words.items()]


class InquiryForm(Form):
    """What is known when a journalist asks."""

    channel = RadioField(_l("The press contacts us by"), choices=choices(labels.CHANNEL), default=Channel.PHONE.value)
    outlet = StringField(_l("Press agency"), [Required(), Length(max=LONGEST_NAME)])
    outlet_id = HiddenField()
    outlet_kind = SelectField(
        _l("Kind, if the agency is new"), choices=choices(OUTLET_KINDS), default=OutletKind.ONLINE.value
    )
    received_at = OfficeDateTimeField(_l("Received at"), [Required()])
    journalists = StringField(_l("Journalists"), [Length(max=500)])
    subject = StringField(_l("What it is about"), [Length(max=LONGEST_SUBJECT)])
    questions = LinesField(_l("Questions"), [Required(_l("Write at least one question."))])
    kind = RadioField(_l("Kind of inquiry"), choices=choices(labels.KIND), default=Kind.QUESTION.value)
    started_at = OfficeDateTimeField(_l("Taken up or determined at"), [Optional()])
    lead_id = SelectField(_l("Lead agency"), coerce=int, default=0)
    wanted_at = OfficeDateTimeField(_l("The journalist needs it by"), [Optional()])
    acknowledged_at = OfficeDateTimeField(_l("Acknowledged at"), [Optional()])
    urgency = RadioField(_l("Urgency"), choices=choices(labels.URGENCY), default=Urgency.NORMAL.value)
    is_sensitive = BooleanField(_l("Sensitive matter"))
    files = MultipleFileField(_l("Files"))
    follows = HiddenField()
    once = HiddenField()  # a form sent twice logs once

    @property
    def title(self) -> str:
        """The subject as typed, else the first question."""
        return self.subject.data or (self.questions.data or [""])[0][:LONGEST_SUBJECT]

    @property
    def sensitivity(self) -> Sensitivity:
        """As the rules name it."""
        return Sensitivity.SENSITIVE if self.is_sensitive.data else Sensitivity.NORMAL

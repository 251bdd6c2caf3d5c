"""Fields of the acts that stop the clock or make its term longer."""

import json
from datetime import date, datetime

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import MultipleFileField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from pr_tracker.accounts.models import Person
from pr_tracker.deadlines.forms import WholeDaysField
from pr_tracker.deadlines.labels_names import EXTENSION_REASONS, STOP_REASONS, sentence
from pr_tracker.deadlines.rules_terms import DayUnit, ExtensionReason, StopReason
from pr_tracker.inquiries.actions.stops import room_of, usual_stops
from pr_tracker.inquiries.forms.handling import FILES_HINT, ActForm, long_text
from pr_tracker.inquiries.labels import unit_words
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.office_time import write_day
from pr_tracker.web.forms import OfficeDateField, Required


class PauseForm(ActForm):
    """Why the clock stands still, from which day it runs on, and what shows it."""

    reason = RadioField(_l("Reason"), choices=[], coerce=StopReason, validators=[Required(_l("Choose the reason."))])
    runs_on = OfficeDateField(
        _l("The clock runs on from"),
        validators=[Optional()],
        description=_l("A working day. Empty: after the usual time of the reason."),
    )
    evidence = long_text(
        _l("Evidence"),
        rows=3,
        hint=_l("What is waited for, since when, by which dispatch, mail or call. Stands in the history."),
    )
    files = MultipleFileField(_l("Files as evidence"), description=FILES_HINT)

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.usual = usual_stops(inquiry, now)
        self.reason.choices = [_pause_choice(reason, inquiry, *self.usual[reason]) for reason in StopReason]

        usual = {reason.value: write_day(day) for reason, (_days, day) in self.usual.items()}
        self.runs_on.render_kw = {"data-usual": json.dumps(usual), "data-usual-of": self.reason.name}

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.reason.data = StopReason.WAITING_FOR_PRESS
        self.runs_on.data = self.day

    @property
    def day(self) -> date | None:
        """The day chosen, or the usual one of the reason where nothing was typed."""
        typed = any(text.strip() for text in self.runs_on.raw_data or ())
        return self.runs_on.data if typed or not self.reason.data else self.usual[self.reason.data][1]


def _pause_choice(reason: StopReason, inquiry: Inquiry, days: int, until: date) -> SelectChoice:
    working = room_of(inquiry.deadline).unit is DayUnit.WORKING
    span = unit_words(days, working=working)
    usual = _("usually %(span)s, runs on from %(day)s", span=span, day=write_day(until))
    label = Markup("<span>{} <small>{}</small></span>").format(sentence(str(STOP_REASONS[reason])), usual)
    return SelectChoice(value=reason.value, label=label)


class ExtensionForm(ActForm):
    """Why the term is too short, how many more days, and what shows it."""

    reason = RadioField(
        _l("Reason"), choices=[], coerce=ExtensionReason, validators=[Required(_l("Choose the reason."))]
    )
    days = WholeDaysField(
        _l("How many more days"), [Required()], render_kw={"inputmode": "numeric", "autocomplete": "off"}
    )
    evidence = long_text(
        _l("Evidence"), rows=3, hint=_l("What is left to do and why it takes longer. The second person reads it first.")
    )
    files = MultipleFileField(_l("Files as evidence"), description=FILES_HINT)

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.reason.choices = [
            SelectChoice(value=reason.value, label=sentence(str(EXTENSION_REASONS[reason])))
            for reason in ExtensionReason
        ]
        room = room_of(inquiry.deadline)
        left = unit_words(room.extension_left, working=room.unit is DayUnit.WORKING)
        self.days.description = _("At most %(left)s.", left=left)

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.reason.data = ExtensionReason.COMPLEX
        self.days.data = 1


class DecisionForm(ActForm):
    """What a second person decides on an extension."""

    decision = long_text(_l("Words of the decision"), optional=True, hint=_l("Needed to decline, not to grant."))

    @property
    def grants(self) -> bool:
        """Which of the two buttons was pressed; none counts as declining, which asks for a reason."""
        return request.form.get("answer") == "grant"

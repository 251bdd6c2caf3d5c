"""Fields of the incident room."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from pr_tracker.incidents.actions.opening import IncidentFacts
from pr_tracker.incidents.actions.roster import ShiftFacts
from pr_tracker.incidents.labels import KIND
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.rules import Span
from pr_tracker.incidents.rules_kinds import LONGEST_TEXT, IncidentKind, Moments, write_number
from pr_tracker.inquiries.forms.voice import LibraryFields
from pr_tracker.inquiries.labels import ANSWER_FORM
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.spokespersons.forms_authorising import AuthorityFields
from pr_tracker.web.forms import Form, OfficeDateTimeField, Required


class SeenForm(Form):
    """A form that says which version its page showed."""

    seen = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version looked at; 0, which no row has, for anything else."""
        typed = self.seen.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0

    def show(self, version: int) -> None:
        """The form goes on from this version."""
        self.seen.data, self.seen.raw_data = str(version), None

    @property
    def shown_fields(self) -> list[Any]:
        """The fields a reader sees, in order."""
        return [field for field in self if getattr(field.widget, "input_type", "") != "hidden"]


class _FactsForm(SeenForm):
    title = StringField(_l("Name of the incident"), [Required(), Length(max=300)])
    kind = RadioField(
        _l("Kind"),
        choices=lambda: [SelectChoice(value=each.value, label=str(words)) for each, words in KIND.items()],
        default=IncidentKind.INCIDENT.value,
        validators=[Required()],
        description=_l("The kind decides which moment starts the 24 hours."),
    )
    summary = TextAreaField(_l("What is known"), [Length(max=LONGEST_TEXT)])
    happened_at = OfficeDateTimeField(_l("It happened at"))
    received_at = OfficeDateTimeField(_l("Received and taken up at"), [Required()])
    determined_at = OfficeDateTimeField(_l("Impact determined at"))

    def facts(self) -> IncidentFacts:
        """What was typed, as facts."""
        moments = Moments(self.received_at.data, self.happened_at.data, self.determined_at.data)  # type: ignore[arg-type]
        return IncidentFacts(self.title.data or "", IncidentKind(self.kind.data), moments, self.summary.data or "")


class OpenForm(_FactsForm):
    """A new incident."""

    agency_id = SelectField(_l("Lead agency"), coerce=int)
    form_token = HiddenField()

    def offer(self, agencies: Iterable[sa.Row]) -> None:
        """The agencies one may open it for."""
        self.agency_id.choices = [SelectChoice(value=str(each.id), label=each.name) for each in agencies]


class ChangeForm(_FactsForm):
    """What is known, corrected."""

    reason = TextAreaField(
        _l("Reason"), [Length(max=1000)], description=_l("Needed where the kind or a moment changes.")
    )

    def preset(self, incident: Incident) -> None:
        """What is stored."""
        self.title.data, self.summary.data, self.kind.data = incident.title, incident.summary, incident.kind.value
        self.happened_at.data, self.received_at.data = incident.happened_at, incident.received_at
        self.determined_at.data = incident.determined_at


class DetermineForm(SeenForm):
    """When the agency determined the impact, and on what findings."""

    determined_at = OfficeDateTimeField(_l("Impact determined at"), [Required()])
    note = TextAreaField(_l("Findings"), [Required(), Length(max=4000)])


class ReasonForm(SeenForm):
    """Why."""

    reason = TextAreaField(_l("Reason"), [Required(), Length(max=1000)])


class CloseForm(SeenForm):
    """What came out of it."""

    note = TextAreaField(_l("Note on the outcome"), [Required(), Length(max=4000)])


class NoteForm(SeenForm):
    """A line of the chronology."""

    at = OfficeDateTimeField(_l("At"), [Required()])
    text = TextAreaField(_l("What happened"), [Required(), Length(max=4000)])


class JoinForm(Form):
    """The incident that an inquiry is put into."""

    incident_id = SelectField(_l("Incident room"), coerce=int)

    def offer(self, rows: Iterable[sa.Row]) -> None:
        """The open incidents one sees."""
        self.incident_id.choices = [
            SelectChoice(value=str(row.id), label=f"{write_number(row.year, row.number)}: {row.title}") for row in rows
        ]


class InvolveForm(SeenForm):
    """An agency that coordinates."""

    agency_id = SelectField(_l("Agency"), coerce=int)

    def offer(self, agencies: Iterable[sa.Row]) -> None:
        """The agencies that may be added."""
        self.agency_id.choices = [SelectChoice(value=str(each.id), label=each.name) for each in agencies]


def _people(rows: Iterable[sa.Row]) -> list[SelectChoice]:
    return [
        SelectChoice(value=str(row.id), label=", ".join(filter(None, (row.full_name, row.title, row.agency))))
        for row in rows
    ]


class ShiftForm(SeenForm):
    """Who is on call, from when to when."""

    person_id = SelectField(_l("Person"), coerce=int)
    phone = StringField(_l("Phone"), [Length(max=40)], description=_l("Left empty, the work phone on record is used."))
    task = StringField(_l("For what"), [Length(max=300)])
    from_at = OfficeDateTimeField(_l("From"), [Required()])
    until_at = OfficeDateTimeField(_l("Until"), [Required()])

    def offer(self, rows: Iterable[sa.Row]) -> None:
        """Who may be on call."""
        self.person_id.choices = _people(rows)

    def facts(self) -> ShiftFacts:
        """What was typed."""
        assert self.from_at.data is not None
        assert self.until_at.data is not None
        span = Span(self.from_at.data, self.until_at.data)
        return ShiftFacts(self.person_id.data, span, self.phone.data or "", self.task.data or "")


class TaskForm(SeenForm):
    """Who does what by when."""

    what = StringField(_l("Task"), [Required(), Length(max=500)])
    person_id = SelectField(_l("Who does it"), coerce=int)
    due_at = OfficeDateTimeField(_l("By"), [Required()])

    def offer(self, rows: Iterable[sa.Row]) -> None:
        """Who may be given a task."""
        self.person_id.choices = _people(rows)


class StatementForm(SeenForm):
    """A version of the holding statement."""

    text = TextAreaField(_l("Statement"), [Required(), Length(max=LONGEST_TEXT)])


class ApproveForm(SeenForm):
    """The seal of exactly the text that was read."""

    digest = HiddenField()
    alone = BooleanField(_l("I wrote this text and answer alone, as head of the agency"))


class AuthoriseForm(AuthorityFields, SeenForm):
    """Who may speak in this incident, from when until when, by which paper."""


class ReleaseForm(SeenForm, LibraryFields):
    """How the approved statement was given to the press."""

    digest = HiddenField()
    answer_form = RadioField(
        _l("Form of speaking"),
        choices=lambda: [SelectChoice(value=each.value, label=str(words)) for each, words in ANSWER_FORM.items()],
        validators=[Required()],
    )
    released_at = OfficeDateTimeField(_l("Given at"), [Required()])
    speaker_id = SelectField(_l("Speaker"), coerce=int)
    evidence = TextAreaField(_l("Evidence"), [Required(), Length(max=2000)])
    outlets = TextAreaField(_l("Further press agencies"), [Length(max=4000)])

    @property
    def form_of_speaking(self) -> AnswerForm:
        """The form that was chosen."""
        return AnswerForm(self.answer_form.data)

"""Fields of courses, classes, sessions, rosters and the roll call."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput, TextInput

from pr_tracker.trainings.labels import MARKS
from pr_tracker.trainings.rules import (
    LEGAL_GROUND,
    LONGEST_AGENCY,
    LONGEST_NAME,
    LONGEST_REMARK,
    LONGEST_TITLE,
    ClassFacts,
    CourseFacts,
    Entry,
    Mark,
    SessionFacts,
    session_span,
)
from pr_tracker.web.forms import Form, OfficeDateField, Required

_EMAIL_WRONG = _l("This is not an e-mail address. Example: ten@angiang.gov.vn")
_CHOOSE_MARK = _l("Choose present, excused or absent.")


class _Versioned(Form):
    """An edit that says which version it was made from."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class CourseForm(_Versioned):
    """A course; `agency_id` takes its choices from the view."""

    title = StringField(_l("Title of the course"), validators=[Required(), Length(max=300)])
    year = IntegerField(
        _l("Year"), validators=[InputRequired(_l("Please fill this in.")), NumberRange(min=2000, max=2100)]
    )
    agency_id = SelectField(_l("Held by"), coerce=int)
    purpose = TextAreaField(_l("Purpose"), validators=[Length(max=2000)])
    legal_ground = StringField(_l("Legal ground"), default=LEGAL_GROUND, validators=[Length(max=300)])

    def offer(self, agencies: Any) -> None:
        """The agencies one may choose."""
        self.agency_id.choices = [SelectChoice(value=str(row.id), label=row.name) for row in agencies]

    def facts(self) -> CourseFacts:
        """What was typed, as facts."""
        named: dict[str, Any] = {name: self[name].data or "" for name in CourseFacts.__dataclass_fields__}
        return CourseFacts(**named)


class ClassForm(_Versioned):
    """A class of a course."""

    name = StringField(_l("Name of the class"), validators=[Required(), Length(max=120)])
    place = StringField(_l("Place"), validators=[Length(max=200)])

    def facts(self) -> ClassFacts:
        """What was typed, as facts."""
        return ClassFacts(self.name.data, self.place.data or "")


class SessionForm(_Versioned):
    """A session: one day, from when to when."""

    topic = StringField(_l("Topic"), validators=[Required(), Length(max=300)])
    day = OfficeDateField(_l("Day"), validators=[Required()])
    start = TimeField(_l("Starts"), widget=TextInput(), validators=[InputRequired(_l("Please fill this in."))])
    end = TimeField(_l("Ends"), widget=TextInput(), validators=[InputRequired(_l("Please fill this in."))])
    lecturer = StringField(_l("Lecturer"), validators=[Length(max=200)])
    place = StringField(_l("Room or remote venue"), validators=[Length(max=200)])

    def facts(self) -> SessionFacts:
        """What was typed, as facts. Raises BadInput unless the session ends after it starts."""
        typed: dict[str, Any] = self.data
        starts_at, ends_at = session_span(typed["day"], typed["start"], typed["end"])
        return SessionFacts(starts_at, ends_at, typed["topic"], typed["lecturer"] or "", typed["place"] or "")


class EntryForm(_Versioned):
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


class PasteForm(Form):
    """Many people at once, one a line."""

    lines = TextAreaField(_l("People, one a line"), validators=[Required(), Length(max=200_000)])


class ReasonForm(Form):
    """Why somebody is taken off a roster."""

    reason = StringField(_l("Reason"), validators=[Required(), Length(max=300)])


class CorrectionForm(_Versioned):
    """A mark that is corrected after the session was closed."""

    mark = RadioField(
        _l("Mark"),
        choices=lambda: [SelectChoice(value=mark.value, label=str(label)) for mark, label in MARKS.items()],
        coerce=Mark,
        validators=[Required(_CHOOSE_MARK)],
    )
    remark = StringField(_l("Remark"), validators=[Length(max=LONGEST_REMARK)])
    reason = StringField(_l("Reason for the correction"), validators=[Required(), Length(max=300)])

"""Fields of courses, classes and sessions."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput, TextInput

from pr_tracker.trainings.rules import LEGAL_GROUND, ClassFacts, CourseFacts, SessionFacts, session_span
from pr_tracker.web.forms import Form, OfficeDateField, Required


class Versioned(Form):
    """An edit that says which version it was made from."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class CourseForm(Versioned):
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


class ClassForm(Versioned):
    """A class of a course."""

    name = StringField(_l("Name of the class"), validators=[Required(), Length(max=120)])
    place = StringField(_l("Place"), validators=[Length(max=200)])

    def facts(self) -> ClassFacts:
        """What was typed, as facts."""
        return ClassFacts(self.name.data, self.place.data or "")


class SessionForm(Versioned):
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

"""Fields of courses, classes and sessions."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, TextInput

from pr_tracker.trainings.rules import (
    LEGAL_GROUND,
    ClassFacts,
    CourseFacts,
    SessionFacts,
    read_venues,
    session_span,
)
from pr_tracker.web.forms import Form, LinesField, OfficeDateField, OfficeDateTimeField, Required

_DECIMAL = re.compile(r"\d{1,4}([.,]\d{1,4})?", re.ASCII)


class DecimalAsWritten(DecimalField):
    """A number with a comma, as the office writes it, or a point."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Decimal | None = None
        if not valuelist or not valuelist[0].strip():
            return
        if not _DECIMAL.fullmatch(valuelist[0].strip()):
            raise ValueError(self.gettext("Not a valid decimal value."))
        self.data = Decimal(valuelist[0].strip().replace(",", "."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_decimal(self.data)


class BoxesField(SelectMultipleField):
    """Several of a few, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class StoredLinesField(LinesField):
    """One item a line, stored as one text."""

    def process_data(self, value: Any) -> None:
        self.data = value.splitlines() if isinstance(value, str) else value


class WholeField(IntegerField):
    """A whole number, in a plain text field."""

    widget = TextInput()


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
    topics = StoredLinesField(_l("Topics"))
    hours = WholeField(_l("Periods of teaching"), validators=[Optional(), NumberRange(min=1, max=500)])
    least_attendance = WholeField(
        _l("Attendance of at least (per cent)"), default=80, validators=[Optional(), NumberRange(min=0, max=100)]
    )
    least_mark = DecimalAsWritten(
        _l("Mark in the test of at least (of 10)"), validators=[Optional(), NumberRange(min=0, max=10)]
    )
    paper_required = BooleanField(_l("A final paper must be handed in"))
    valid_months = WholeField(_l("Counts for (months)"), validators=[Optional(), NumberRange(min=1, max=240)])

    def offer(self, agencies: Any) -> None:
        """The agencies one may choose."""
        self.agency_id.choices = [SelectChoice(value=str(row.id), label=row.name) for row in agencies]

    def facts(self) -> CourseFacts:
        """What was typed, as facts."""
        typed: dict[str, Any] = {name: self[name].data for name in CourseFacts.__dataclass_fields__}
        words = {name: typed[name] or "" for name in ("purpose", "legal_ground")}
        mark = None if typed["least_mark"] is None else round(Decimal(typed["least_mark"]), 2)
        own = {"topics": "\n".join(typed["topics"] or []), "least_attendance": typed["least_attendance"] or 0}
        return CourseFacts(**{**typed, **words, **own, "least_mark": mark})


class ClassForm(Versioned):
    """A class of a course."""

    name = StringField(_l("Name of the class"), validators=[Required(), Length(max=120)])
    place = StringField(_l("Place"), validators=[Length(max=200)])
    capacity = WholeField(_l("Number of places"), validators=[Optional(), NumberRange(min=1, max=5000)])
    registration_until = OfficeDateTimeField(_l("Agencies name their people until"), validators=[Optional()])
    venues = LinesField(_l("Remote venues"))
    trainer_ids = BoxesField(_l("Team that runs the class"), coerce=int, choices=[])

    def offer(self, trainers: Any) -> None:
        """Who may run the class."""
        self.trainer_ids.choices = [SelectChoice(value=str(row.id), label=row.full_name) for row in trainers]

    def facts(self) -> ClassFacts:
        """What was typed, as facts."""
        return ClassFacts(self.name.data, self.place.data or "", self.capacity.data, self.registration_until.data)

    def parts(self) -> dict[str, Any]:
        """The venues and the team, as the actions take them. Raises BadInput for venues that cannot be."""
        return {"venues": read_venues(self.venues.data or []), "trainer_ids": self.trainer_ids.data or []}


def venue_lines(venues: Sequence[Any]) -> list[str]:
    """Venues as they are typed, one a line."""
    return [f"{row.name}; {row.place}" if row.place else row.name for row in venues]


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

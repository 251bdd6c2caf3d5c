"""Fields of copying a class and of materials."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from pr_tracker.trainings.forms.plan import WholeField
from pr_tracker.trainings.rules import ClassFacts
from pr_tracker.web.forms import Form, OfficeDateField, Required


class CopyForm(Form):
    """A class to be held again; `course_id` takes its choices from the view."""

    course_id = SelectField(_l("Course"), coerce=int)
    name = StringField(_l("Name of the class"), validators=[Required(), Length(max=120)])
    first_day = OfficeDateField(_l("First day"), validators=[Required()])
    place = StringField(_l("Place"), validators=[Length(max=200)])
    capacity = WholeField(_l("Number of places"), validators=[Optional(), NumberRange(min=1, max=5000)])

    def offer(self, courses: Any) -> None:
        """The courses it may belong to."""
        known = {row.id: row.title if str(row.year) in row.title else f"{row.title}, {row.year}" for row in courses}
        self.course_id.choices = [SelectChoice(value=str(key), label=label) for key, label in known.items()]

    def facts(self) -> ClassFacts:
        """What was typed, as facts."""
        return ClassFacts(self.name.data, self.place.data or "", self.capacity.data)


class MaterialsForm(Form):
    """Files to hand out."""

    files = MultipleFileField(_l("Files"))

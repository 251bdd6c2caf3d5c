"""Fields of the test of a class."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from pr_tracker.assessments.labels import KINDS
from pr_tracker.assessments.rules import LONGEST_OPTION, MOST_OPTIONS, Kind, Option, QuestionFacts, TestFacts
from pr_tracker.web.forms import Form, LinesField, OfficeDateTimeField, Required, tidy


class PointsField(StringField):
    """Points as typed, "0,5"."""

    points = Decimal(0)

    def pre_validate(self, form: Any) -> None:
        """Reads what was typed."""
        try:
            self.points = Decimal((self.data or "").replace(",", "."))
            is_sound = self.points.is_finite() and self.points == self.points.quantize(Decimal("0.01"))
        except InvalidOperation:  # no number, or one too large
            is_sound = False
        if not is_sound:
            raise ValidationError(str(_l("This is not a number of points. Example: 0,5")))


class TestForm(Form):
    """When the test is open, and for how long one may be at it."""

    __test__ = False

    title = StringField(_l("Title of the test"), validators=[Required(), Length(max=200)])
    instructions = TextAreaField(_l("Instructions"), validators=[Length(max=2000)])
    opens_at = OfficeDateTimeField(_l("Opens"), validators=[Required()])
    closes_at = OfficeDateTimeField(_l("Closes"), validators=[Required()])
    minutes = IntegerField(_l("Minutes for one attempt"), validators=[Optional(), NumberRange(min=1, max=1000)])
    shuffled = BooleanField(_l("Everybody gets the questions and answers in an order of their own"))
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def facts(self) -> TestFacts:
        """What was typed, as facts."""
        typed: dict[str, Any] = self.data
        return TestFacts(
            typed["title"],
            typed["instructions"] or "",
            typed["opens_at"],
            typed["closes_at"],
            typed["minutes"],
            shuffled=typed["shuffled"],
        )


class OptionForm(PlainForm):
    """One answer to choose from."""

    is_right = BooleanField(_l("right"))
    text = StringField(_l("Answer"), filters=[tidy], validators=[Length(max=LONGEST_OPTION)])


class QuestionForm(Form):
    """A question: with answers to choose from, or a short answer."""

    kind = RadioField(
        _l("How it is answered"),
        choices=lambda: [SelectChoice(value=kind.value, label=str(words)) for kind, words in KINDS.items()],
        coerce=Kind,
        default=Kind.SINGLE,
    )
    text = TextAreaField(_l("Question"), validators=[Required()])
    points = PointsField(_l("Points"), default="1")
    options = FieldList(FormField(OptionForm), _l("Answers to choose from"), min_entries=MOST_OPTIONS, max_entries=20)
    accepted = LinesField(_l("Accepted short answers, one a line"))
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def facts(self) -> QuestionFacts:
        """What was typed, as facts; empty answers are dropped."""
        typed = [entry.form for entry in self.options]
        options = tuple(Option(one.text.data, bool(one.is_right.data)) for one in typed if one.text.data)
        accepted = tuple(self.accepted.data or ())
        is_short = self.kind.data is Kind.SHORT
        return QuestionFacts(
            self.kind.data,
            self.text.data,
            self.points.points,
            () if is_short else options,
            accepted if is_short else (),
        )


class PasteForm(Form):
    """Many questions at once, as text."""

    lines = TextAreaField(_l("Questions with their answers"), validators=[Required(), Length(max=200_000)])


class CopyForm(Form):
    """Whose test is taken over, and when it opens here."""

    source = SelectField(_l("Test of"), coerce=int)
    opens_at = OfficeDateTimeField(_l("Opens"), validators=[Required()])

    def offer(self, tests: Any) -> None:
        """The tests one may take over."""
        self.source.choices = [
            SelectChoice(
                value=str(row.class_id),
                label=f"{row.course_title} ({row.year}), {row.class_name}: {row.title}, {row.questions}",
            )
            for row in tests
        ]


class AnnulForm(Form):
    """Why an attempt counts no more."""

    reason = StringField(_l("Reason"), validators=[Required(), Length(max=300)])
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

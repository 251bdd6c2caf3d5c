"""Fields of final papers."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from pr_tracker.assessments.labels import VERDICTS
from pr_tracker.assessments.rules import Verdict
from pr_tracker.assessments.rules_marks import read_mark
from pr_tracker.errors import BadInput
from pr_tracker.web.errors import say
from pr_tracker.web.forms import Form, OfficeDateTimeField, Required


class MarkField(StringField):
    """A mark out of 10, typed "7,5"; None for nothing typed."""

    mark: Decimal | None = None

    def pre_validate(self, form: Any) -> None:
        """Reads what was typed."""
        try:
            self.mark = read_mark(self.data or "")
        except BadInput as refusal:
            raise ValidationError(say(refusal)) from None


class OwnPaperForm(Form):
    """A paper handed in by the person."""

    file = FileField(_l("File"))


class TaskForm(Form):
    """What a class's final paper is about; `version` 0 where none is asked for yet."""

    task = TextAreaField(_l("What the paper is about"), validators=[Required(), Length(max=4000)])
    due_at = OfficeDateTimeField(_l("To be handed in until"), validators=[Required()])
    version = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])


class TakeInForm(Form):
    """A paper taken in by the trainer: a file, or none for one on paper."""

    file = FileField(_l("File"))


class JudgeForm(Form):
    """What the trainer says of a paper."""

    verdict = RadioField(
        _l("Verdict"),
        choices=lambda: [
            SelectChoice(value=one.value, label=str(VERDICTS[one])) for one in (Verdict.PASSED, Verdict.RETURNED)
        ],
        coerce=Verdict,
        validators=[InputRequired(_l("Choose whether the paper passes."))],
    )
    mark = MarkField(_l("Mark out of 10"))
    remark = TextAreaField(_l("Remark for the person"), validators=[Length(max=1000)])
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

"""Fields of the roll call."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from pr_tracker.trainings.forms.plan import Versioned
from pr_tracker.trainings.labels import MARKS
from pr_tracker.trainings.rules_roll import LONGEST_REMARK, Mark
from pr_tracker.web.forms import Form, Required

_CHOOSE_MARK = _l("Choose a mark.")


class SheetForm(Form):
    """What the signed sheet says, but for those who were present."""

    lines = TextAreaField(_l("Exceptions by row code"), validators=[Length(max=50_000)])
    seen = HiddenField()


class ScansForm(Form):
    """Scans of the signed sheet."""

    files = MultipleFileField(_l("Scan of the signed sheet"))


class CorrectionForm(Versioned):
    """A mark that is corrected after the session was closed."""

    mark = RadioField(
        _l("Mark"),
        choices=lambda: [SelectChoice(value=mark.value, label=str(label)) for mark, label in MARKS.items()],
        coerce=Mark,
        validators=[Required(_CHOOSE_MARK)],
    )
    remark = StringField(_l("Remark"), validators=[Length(max=LONGEST_REMARK)])
    reason = StringField(_l("Reason for the correction"), validators=[Required(), Length(max=300)])

"""Fields of imported marks and of feedback."""

from flask_babel import lazy_gettext as _l
from wtforms import FileField, IntegerField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from pr_tracker.web.forms import Form, LinesField, OfficeDateTimeField, Required


class ImportForm(Form):
    """Marks by row code: pasted, typed, or a file."""

    lines = TextAreaField(_l("Row code and mark, one person a line"), validators=[Length(max=200_000)])
    file = FileField(_l("Or a file (Excel or CSV)"))


class FeedbackPlanForm(Form):
    """What a class is asked, and from when until when."""

    lines = LinesField(_l("Questions, one a line"), validators=[Required()])
    opens_at = OfficeDateTimeField(_l("Opens"), validators=[Required()])
    closes_at = OfficeDateTimeField(_l("Closes"), validators=[Required()])
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

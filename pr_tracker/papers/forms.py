"""Fields for checking a file and for withdrawing a paper."""

from flask_babel import lazy_gettext as _l
from wtforms import FileField, StringField
from wtforms.validators import Length

from pr_tracker.papers.rules import LONGEST_REASON
from pr_tracker.web.forms import Form, Required, SeenForm


class CheckForm(Form):
    """The file somebody holds."""

    file = FileField(_l("PDF file"))


class WithdrawForm(SeenForm):
    """Why a paper must no longer be used."""

    reason = StringField(_l("Reason"), validators=[Required(), Length(max=LONGEST_REASON)])

"""What a person chooses for themselves about notices."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from pr_tracker.web.forms import Form


class ChoicesForm(Form):
    """What comes by mail."""

    reminders_by_mail = BooleanField(_l("Reminders before a due time by mail"))
    digest = BooleanField(_l("Morning digest"))

"""Which agency's file is wanted."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from pr_tracker.web.forms import Form


class AgencyForm(Form):
    """One of the agencies whose file the reader may take out."""

    agency_id = SelectField(_l("Agency"), coerce=int)

"""What a report is asked for in the address: the period with its messages, the filters of the list."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from pr_tracker.errors import DomainError
from pr_tracker.inquiries.actions.views import FILTERS
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.views import lists
from pr_tracker.reports.rules import Period, Preset, preset
from pr_tracker.web.forms import Form, OfficeDateField
from pr_tracker.web.parameters import text_of

KEPT = sorted(FILTERS - {"from", "to"})


class PeriodForm(Form):
    """Days of receipt, from `from` to `to`; a missing end is that of this month."""

    class Meta(Form.Meta):
        """Reading only: no token."""

        csrf = False

    since = OfficeDateField(_l("From day"), name="from", validators=[Optional()])
    until = OfficeDateField(_l("To day"), name="to", validators=[Optional()])

    def period(self) -> Period | None:
        """The period asked for, None with the reason beside the field."""
        if not self.validate() or self.since.data is None or self.until.data is None:
            return None
        try:
            return Period(self.since.data, self.until.data)
        except DomainError as error:
            self.add_problem(error)
            return None


def period_asked(today: date) -> PeriodForm:
    """The form as the address fills it."""
    usual = preset(Preset.THIS_MONTH, today)
    asked: Any = request.args if request.args.get("from") or request.args.get("to") else None
    form = PeriodForm(formdata=asked, since=usual.since, until=usual.until)
    for field, day in ((form.since, usual.since), (form.until, usual.until)):
        if not field.raw_data or not field.raw_data[0].strip():
            field.data = day
    return form


def filters_asked(period: Period) -> Filters:
    """All filters of the list, and the period."""
    return replace(lists.filters_asked(), since=period.since, until=period.until)


def kept_in_address() -> dict[str, Any]:
    """The filters as they stand in the address, the period apart, to be carried along in links."""
    return {name: text_of(name) for name in KEPT if text_of(name)}

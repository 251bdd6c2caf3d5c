"""What a report is asked for in the address: the period with its messages, the filters of the list."""

from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from pr_tracker.errors import DomainError
from pr_tracker.inquiries.queries.lists import Filters
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.reports.rules import Period, Preset, preset
from pr_tracker.web.forms import Form, OfficeDateField
from pr_tracker.web.parameters import id_of, member_of, text_of

KEPT = ("agency", "status", "kind", "outlet", "late", "stopped", "extended")


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
    """The filters of the list that make sense for a register, and the period."""
    return Filters(
        agency_id=id_of("agency"),
        status=member_of("status", Status),
        kind=member_of("kind", Kind),
        outlet_id=id_of("outlet"),
        late=bool(text_of("late")),
        stopped=bool(text_of("stopped")),
        extended=bool(text_of("extended")),
        since=period.since,
        until=period.until,
    )


def kept_in_address() -> dict[str, Any]:
    """The filters as they stand in the address, the period apart, to be carried along in links."""
    return {name: text_of(name) for name in KEPT if text_of(name)}

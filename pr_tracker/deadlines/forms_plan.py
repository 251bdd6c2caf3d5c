"""Fields of what plans are made of: shares in percent, times of the day."""

from dataclasses import fields
from datetime import time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TimeField
from wtforms.widgets import TextInput

from pr_tracker.deadlines.rules_plan import OfficeHours, Shares
from pr_tracker.web.forms import Form


class PercentField(IntegerField):
    """A whole number of percent, 0 to 100."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else None
        if not typed:
            raise ValueError(_("Please fill this in."))
        if self.data is None or self.data > 100:
            raise ValueError(_("“%(typed)s” is not a whole number from 0 to 100. Example: 15", typed=typed))

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else str(self.data or 0)


class DayTimeField(TimeField):
    """A time of the day, written 07:30."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        hour, colon, minute = typed.partition(":")
        whole = colon and all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (hour, minute))
        self.data = time(int(hour), int(minute)) if whole and int(hour) < 24 and int(minute) < 60 else None
        if not typed:
            raise ValueError(_("Please fill this in."))
        if self.data is None:
            raise ValueError(_("“%(typed)s” is not a time of the day. Example: 07:30", typed=typed))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""


class SharesForm(Form):
    """How an agency shares out a case's time."""

    draft = PercentField(_l("Draft: verify and write"), description=_l("The lead agency, from receipt to submission"))
    agency = PercentField(_l("Approval in the lead agency"), description=_l("Its head or a deputy reads and approves"))
    approval = PercentField(
        _l("Approval by the province, where needed"),
        description=_l("The province's leaders or its spokesperson; 0 leaves this stage out"),
    )
    release = PercentField(_l("Release to the press"), description=_l("The reserve at the end; it ends with the term"))

    @property
    def shares(self) -> Shares:
        """What was typed. Raises BadInput when it is not 100 percent together."""
        return Shares(**{field.name: self[field.name].data for field in fields(Shares)})


class OfficeHoursForm(Form):
    """When the province's offices work."""

    morning_from = DayTimeField(_l("Morning from"))
    morning_to = DayTimeField(_l("Morning to"))
    afternoon_from = DayTimeField(_l("Afternoon from"))
    afternoon_to = DayTimeField(_l("Afternoon to"))

    @property
    def hours(self) -> OfficeHours:
        """What was typed. Raises BadInput when the times do not go upward."""
        return OfficeHours(**{field.name: self[field.name].data for field in fields(OfficeHours)})

"""What may be changed in the working calendar; each form knows what it wants of the calendar as it stands."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from pr_tracker.deadlines import rules_year
from pr_tracker.deadlines.labels_names import day_name
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind
from pr_tracker.deadlines.rules_year import Change, Standing
from pr_tracker.web.forms import Form, OfficeDateField, Required

CONFIRMED, PROPOSED = "confirmed", "proposed"
TOO_LONG = _l("Too long, at most %(max)d characters.")


def _states() -> list[SelectChoice]:
    return [
        SelectChoice(value=CONFIRMED, label=_l("Confirmed by a decision, counts at once")),
        SelectChoice(value=PROPOSED, label=_l("Only proposed, does not count yet")),
    ]


class ChangeForm(Form):
    """A change of the calendar; `seen` is the digest of the moves that the preview showed.

    Each has wish(): the change on the calendar as it stands, which raises BadInput naming the field.
    """

    seen = HiddenField()

    def preset(self, day: date, last: date | None, entry: DayEntry | None) -> None:
        """Fill in what is known of the days that were chosen."""


class _DecisionForm(ChangeForm):
    """A change that may be confirmed or only proposed."""

    decision = StringField(_l("Number of the decision"), [Length(max=100, message=TOO_LONG)])
    state = RadioField(_l("State"), choices=_states, default=CONFIRMED)

    @property
    def number(self) -> str | None:
        return self.decision.data or None

    @property
    def sure(self) -> bool:
        return bool(self.state.data == CONFIRMED)


class DayOffForm(_DecisionForm):
    """A public holiday or a day in lieu, or several that follow each other."""

    kind = RadioField(
        _l("Kind of day"),
        choices=lambda: [
            SelectChoice(value=DayKind.HOLIDAY, label=_l("Public holiday")),
            SelectChoice(value=DayKind.DAY_IN_LIEU, label=_l("Day in lieu")),
        ],
        default=DayKind.HOLIDAY,
    )
    first = OfficeDateField(_l("First day off"), [Required()])
    last = OfficeDateField(_l("Last day off"))
    name = StringField(_l("Name"), [Length(max=200, message=TOO_LONG)])

    def wish(self, standing: Standing) -> Change:
        assert self.first.data is not None
        put = rules_year.days_off(
            DayKind(self.kind.data),
            self.first.data,
            self.last.data or self.first.data,
            name=self.name.data or "",
            decision=self.number,
            confirmed=self.sure,
        )
        return rules_year.entering(put, standing)

    def preset(self, day: date, last: date | None, entry: DayEntry | None) -> None:
        self.first.data, self.last.data = day, last
        if entry is not None and entry.kind in rules_year.DAYS_OFF:
            self.kind.data, self.name.data, self.decision.data = entry.kind, day_name(entry.name), entry.decision


class SwapForm(_DecisionForm):
    """A working day off for a Saturday or Sunday worked."""

    off = OfficeDateField(_l("Day off"), [Required()])
    worked = OfficeDateField(_l("Saturday or Sunday worked in exchange"), [Required()])

    def wish(self, standing: Standing) -> Change:
        assert self.off.data is not None
        assert self.worked.data is not None
        put = rules_year.swapped(self.off.data, self.worked.data, decision=self.number, confirmed=self.sure)
        return rules_year.entering(put, standing)

    def preset(self, day: date, last: date | None, entry: DayEntry | None) -> None:
        self.off.data = day
        if entry is None or entry.kind not in rules_year.SWAPS:
            return
        halves = (day, entry.swapped_with)
        self.off.data, self.worked.data = halves if entry.kind is DayKind.SWAPPED_OFF else halves[::-1]
        self.decision.data = entry.decision


class OrdinaryForm(ChangeForm):
    """A wrong day off, or a proposal that was dropped: the weekday decides again."""

    first = OfficeDateField(_l("First day"), [Required()])
    last = OfficeDateField(_l("Last day"))
    decision = StringField(_l("Number of the decision"), [Length(max=100, message=TOO_LONG)])

    def wish(self, standing: Standing) -> Change:
        assert self.first.data is not None
        last = self.last.data or self.first.data
        put = rules_year.ordinary(self.first.data, last, decision=self.decision.data or None, standing=standing)
        return rules_year.entering(put, standing)

    def preset(self, day: date, last: date | None, entry: DayEntry | None) -> None:
        self.first.data, self.last.data = day, last


class ConfirmForm(ChangeForm):
    """Proposals and estimates that a decision has made certain."""

    days = SelectMultipleField(
        _l("Days that the decision confirms"),
        choices=[],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    decision = StringField(_l("Number of the decision"), [Length(max=100, message=TOO_LONG)])

    def wish(self, standing: Standing) -> Change:
        days = [date.fromisoformat(chosen) for chosen in self.days.data or ()]
        put = rules_year.confirmed(days, decision=self.decision.data or None, standing=standing)
        return rules_year.entering(put, standing)


class WithdrawForm(ChangeForm):
    """Take back what the office entered."""

    first = OfficeDateField(_l("First day"), [Required()])
    last = OfficeDateField(_l("Last day"))
    reason = TextAreaField(_l("Reason"), [Required(), Length(max=1000, message=TOO_LONG)])

    def wish(self, standing: Standing) -> Change:
        assert self.first.data is not None
        return rules_year.withdrawing(self.first.data, self.last.data or self.first.data, standing)

    def preset(self, day: date, last: date | None, entry: DayEntry | None) -> None:
        self.first.data, self.last.data = day, last


AnyChange = DayOffForm | SwapForm | OrdinaryForm | ConfirmForm | WithdrawForm


class ImportForm(ChangeForm):
    """A list of days from a file; `text` carries what was read from the preview to the confirmation."""

    file = FileField(_l("File with the list"))
    text = HiddenField()

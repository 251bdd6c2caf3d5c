"""The calculator, and the terms that are settings."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.fields import SelectChoice

from pr_tracker.deadlines.labels_names import CLOCKS, GROUPS, OUTLETS
from pr_tracker.deadlines.rules import SHIPPED, ClockKey, OutletPace, RuleBook
from pr_tracker.deadlines.rules_table import ClockGroup, group_of
from pr_tracker.deadlines.rules_terms import MOST_DAYS, AnyTerm, ByOutlet
from pr_tracker.office_time import office_day
from pr_tracker.web.forms import Form, OfficeDateTimeField, Required


def _clocks() -> list[SelectChoice]:
    groups = {key: group_of(SHIPPED.versions_of(key)[0]) for key in ClockKey}
    keys = sorted(ClockKey, key=lambda key: list(ClockGroup).index(groups[key]))
    return [SelectChoice(value=key, label=str(CLOCKS[key]), optgroup=str(GROUPS[groups[key]])) for key in keys]


class CalculatorForm(Form):
    """Which clock, from when; the kind of press agency where its term depends on it."""

    key = SelectField(_l("Clock"), choices=_clocks)
    at = OfficeDateTimeField(_l("From when"), [Required()])
    outlet = SelectField(_l("Kind of press agency"), validate_choice=False)

    def ask_for_outlet(self, book: RuleBook) -> None:
        """Offer the kinds of press agency the chosen clock tells apart, or drop the question."""
        term = _term_then(book, self.key.data, self.at.data)
        if not isinstance(term, ByOutlet):
            del self.outlet
            return
        paces = [pace for pace, _each in term.cases]
        self.outlet.choices = [SelectChoice(value=pace, label=str(OUTLETS[pace])) for pace in paces]
        if self.outlet.data not in paces:
            self.outlet.data = paces[0]

    @property
    def pace(self) -> OutletPace | None:
        """The kind of press agency chosen, None where it makes no difference."""
        return OutletPace(self.outlet.data) if self.outlet else None


def _term_then(book: RuleBook, key: str, at: datetime | None) -> AnyTerm | None:
    """The term of the version that counts from `at`; of the newest where nothing says, None without such a clock."""
    if key not in set(ClockKey):
        return None
    versions = book.versions_of(key)
    on_the_day = (version for version in versions if at and version.in_force_on(office_day(at)))
    return next(on_the_day, versions[0]).term


class WholeDaysField(IntegerField):
    """A number of days a term may have."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else None
        if not typed:
            raise ValueError(_("Please fill this in."))
        if self.data is None or not 1 <= self.data <= MOST_DAYS:
            raise ValueError(
                _("“%(typed)s” is not a whole number of 1 to %(most)s days. Example: 3", typed=typed, most=MOST_DAYS)
            )

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else str(self.data or "")


class AgencyTermsForm(Form):
    """The two internal terms of an agency."""

    internal_reply = WholeDaysField(_l("Answer to the press, working days"))
    internal_input = WholeDaysField(_l("Information from a unit, working days"))


class ProvinceTermsForm(Form):
    """The statutory terms no text has confirmed yet."""

    complaint_acceptance_notice = WholeDaysField(_l("Acceptance of a complaint, days"))
    denunciation_acceptance_notice = WholeDaysField(_l("Acceptance of a denunciation, working days"))


def terms_typed(form: AgencyTermsForm | ProvinceTermsForm) -> dict[ClockKey, Any]:
    """The numbers of a terms form by clock."""
    return {ClockKey(name): form[name].data for name in form.data if name in set(ClockKey)}

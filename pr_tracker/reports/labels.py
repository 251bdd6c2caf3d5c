"""Reports in words: what became of a deadline and how that is defined, periods, grounds in short, rates."""

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.inquiries.labels_timing import DEFINITION as DEFINITION
from pr_tracker.inquiries.labels_timing import GROUND_IN_SHORT as GROUND_IN_SHORT
from pr_tracker.inquiries.labels_timing import TIMING as TIMING
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.inquiries.rules_timing import Timing
from pr_tracker.reports.rules import Blame, Figures, Preset

RATE = _l("Rate on time")
RATE_DEFINITION = _l("on time, of all that were settled or whose term has ended (on time, late and overdue together).")
# What is said of each agency where cases are late (AgencyLateness), and how it is counted.
LATENESS_COLUMNS = {
    "led": _l("Inquiries led"),
    "late_own": _l("Late by its own doing"),
    "late_by_others": _l("Late because of others"),
    "parts": _l("Parts asked of it"),
    "parts_late": _l("Parts late"),
    "made_late": _l("Inquiries of others late because of it"),
}
LATENESS_DEFINITION = _l(
    "a late inquiry counts for the coordinating agency whose part was at least as late as the inquiry, the longest "
    "delay first; every other late inquiry counts for its lead agency. Delays are compared in working days, in hours "
    "where the term counts hours. A part still missing counts up to now."
)
PRESET = {
    Preset.THIS_MONTH: _l("This month"),
    Preset.LAST_MONTH: _l("Last month"),
    Preset.THIS_QUARTER: _l("This quarter"),
    Preset.THIS_YEAR: _l("This year"),
}
# The five forms of speaking (Decree 244/2026/NĐ-CP Art 5), short enough for a column.
FORM_IN_SHORT = {
    AnswerForm.PRESS_CONFERENCE: _l("press conference"),
    AnswerForm.PORTAL: _l("posted on an official channel"),
    AnswerForm.INTERVIEW: _l("statement, interview"),
    AnswerForm.WRITTEN: _l("in writing, by e-mail"),
    AnswerForm.BRIEFING: _l("exchange, briefing"),
}


def rate_words(figures: Figures) -> str:
    """94.2% (371 of 394): on time among what has fallen due, rounded down; in words where nothing has."""
    if not figures.due:
        return _("nothing has fallen due yet")
    on_time = figures.by_timing[Timing.ON_TIME]
    share = format_decimal(on_time * 1000 // figures.due / 10)
    return _("%(share)s%% (%(part)s of %(whole)s)", share=share, part=on_time, whole=figures.due)


def blame_figures(blamed: Blame) -> list[str]:
    """Whose doing the late ones are: the two sum up to all that is late."""
    return [
        _("Late by the doing of the lead agency: %(count)s.", count=blamed.late_own),
        _("Late because of a coordinating agency: %(count)s.", count=blamed.late_by_others),
        _("Parts of coordinating agencies that were late: %(count)s.", count=blamed.parts_late),
    ]


def adjusted_words(figures: Figures) -> list[str]:
    """What stands beside every rate: stops and extensions, and what was on time without any extension."""
    adjusted = figures.adjusted
    return [
        ngettext(
            "Of these %(num)d was stopped, for %(days)s days in all.",
            "Of these %(num)d were stopped, for %(days)s days in all.",
            adjusted.stopped,
            days=adjusted.stopped_days,
        ),
        ngettext(
            "%(num)d was extended, by %(days)s days in all.",
            "%(num)d were extended, by %(days)s days in all.",
            adjusted.extended,
            days=adjusted.extended_days,
        ),
        _(
            "On time without an extension: %(count)s.",
            count=figures.by_timing[Timing.ON_TIME] - adjusted.on_time_extended,
        ),
    ]

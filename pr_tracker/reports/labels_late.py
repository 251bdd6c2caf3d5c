"""The weekly list of late units in words: why something stands on it, how it is counted, how late."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pr_tracker.inquiries.labels_parts import blame_words, delay_words
from pr_tracker.office_time import write_day, write_moment
from pr_tracker.reports.rules_late import LateItem, LateKind, LateList

KIND = {
    LateKind.OVERDUE: _l("Overdue, not answered"),
    LateKind.LATE: _l("Finished late in the week"),
    LateKind.PART: _l("Part of a coordinating agency missing"),
}
KIND_DEFINITION = {
    LateKind.OVERDUE: _l("not finished at the end of the week (now, while it runs), and the term has ended."),
    LateKind.LATE: _l("answered, refused or withdrawn within the week, after the term had ended."),
    LateKind.PART: _l("asked of the unit, past its own term and not sent; the inquiry itself is not finished."),
}
UNIT_DEFINITION = _l(
    "An inquiry counts for its lead agency, or for the coordinating agency whose part made it late. Terms are those of "
    "the rule in force on the day of each inquiry, with its stops and extensions."
)


def finding(found: LateList) -> str:
    """What the list says, as a title."""
    if not found.units:
        return _("No unit is late in this week")
    return ngettext("%(num)d unit is late in this week", "%(num)d units are late in this week", len(found.units))


def due_words(item: LateItem) -> str:
    """The end of its term, as an office writes it."""
    return write_moment(item.due) if isinstance(item.due, datetime) else write_day(item.due)


def late_words(item: LateItem) -> str:
    """2 working days, because Sở X sent its part late."""
    because = blame_words(item.lateness, is_over=item.kind is LateKind.LATE)
    return ", ".join(filter(None, [delay_words(item.delay), because]))

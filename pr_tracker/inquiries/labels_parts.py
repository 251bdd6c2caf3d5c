"""Coordination in words: where a box stands, how late something was, whose lateness a late case is."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.deadlines.labels_names import hours_words, minutes_words, working_days_words
from pr_tracker.inquiries.rules_parts import BoxState, Delay, Lateness, LatePart

BOX = {
    BoxState.ASKED: _l("Asked"),
    BoxState.DRAFTING: _l("Being written"),
    BoxState.SUBMITTED: _l("Awaiting approval by its agency"),
    BoxState.RETURNED: _l("Returned inside its agency"),
    BoxState.SENT: _l("Approved and sent"),
    BoxState.ASKED_BACK: _l("Asked back"),
}


def delay_words(delay: Delay) -> str:
    """2 working days; 5 hours 20 minutes."""
    if delay.days:
        return working_days_words(delay.days)
    hours, minutes = divmod(int(delay.span.total_seconds()) // 60, 60)
    parts = [hours_words(hours)] if hours else []
    parts += [minutes_words(minutes)] if minutes or not hours else []
    return " ".join(parts)


def lateness_words(lateness: Lateness | None, *, is_over: bool) -> str:
    """“Late by 1 working day because Sở X sent its part 2 working days late.” "" when it is the lead's own lateness."""
    if lateness is None or lateness.because_of is None:
        return ""
    return _(
        "Late by %(delay)s because %(cause)s.",
        delay=delay_words(lateness.delay),
        cause=_cause(lateness.because_of, is_over),
    )


def blame_words(lateness: Lateness | None, *, is_over: bool) -> str:
    """The same after the chip has said how late it is: “because Sở X sent its part 2 working days late”."""
    if lateness is None or lateness.because_of is None:
        return ""
    return _("because %(cause)s", cause=_cause(lateness.because_of, is_over))


def _cause(part: LatePart, is_over: bool) -> str:
    words = {"agency": part.agency, "delay": delay_words(part.delay)}
    if not part.is_missing:
        return _("%(agency)s sent its part %(delay)s late", **words)
    if is_over:
        return _("%(agency)s never sent its part, %(delay)s late at the end", **words)
    return _("%(agency)s has not sent its part, %(delay)s late so far", **words)

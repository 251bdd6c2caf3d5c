"""Monthly and quarterly figures in words: what each counts and how it is defined, periods, comparisons, findings."""

from collections.abc import Mapping

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.inquiries.labels_timing import (
    DEFINITION,
    GROUND_IN_SHORT,
    PAUSED,
    PAUSED_DEFINITION,
    RESULT,
    RESULT_DEFINITION,
    TIMING,
)
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.office_time import write_day
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_figures import (
    BY_GROUND,
    BY_RESULT,
    BY_TIMING,
    Every,
    Measure,
    PeriodReport,
    Stretch,
    due,
    share,
)

MEASURE = {
    Measure.CARRIED: _l("Brought over from before"),
    Measure.RECEIVED: _l("Inquiries received"),
    Measure.ON_TIME: TIMING[Timing.ON_TIME],
    Measure.LATE: TIMING[Timing.LATE],
    Measure.RUNNING: TIMING[Timing.RUNNING],
    Measure.OVERDUE: TIMING[Timing.OVERDUE],
    Measure.WITHDRAWN: TIMING[Timing.WITHDRAWN],
    Measure.ANSWERED: RESULT[Result.ANSWERED],
    Measure.REFUSED: RESULT[Result.REFUSED],
    Measure.GIVEN_UP: RESULT[Result.WITHDRAWN],
    Measure.OPEN: RESULT[Result.OPEN],
    Measure.SECRET: GROUND_IN_SHORT[RefusalGround.SECRET],
    Measure.INVESTIGATION: GROUND_IN_SHORT[RefusalGround.INVESTIGATION],
    Measure.UNCONCLUDED: GROUND_IN_SHORT[RefusalGround.UNCONCLUDED],
    Measure.DRAFT_POLICY: GROUND_IN_SHORT[RefusalGround.DRAFT_POLICY],
    Measure.PAUSED: PAUSED,
    Measure.STOPPED: _l("Was stopped"),
    Measure.EXTENDED: _l("Extended"),
    Measure.FORWARDED: _l("Opinions forwarded by the press"),
    Measure.CORRECTIONS: _l("Responses, corrections asked for"),
    Measure.CONFERENCES: _l("Press conferences held"),
    Measure.RELEASES: _l("Press releases, own statements"),
    Measure.CLASSES: _l("Training classes"),
    Measure.TURNS: _l("Came to classes"),
}
MEASURE_DEFINITION = {
    Measure.CARRIED: _l(
        "received before the first day of the period and not finished when it began; not among the received."
    ),
    Measure.RECEIVED: _l(
        "by the day of receipt; each measured by its own deadline, which the rule in force on that day has set."
    ),
    **{measure: DEFINITION[timing] for measure, timing in BY_TIMING.items()},
    **{measure: RESULT_DEFINITION[result] for measure, result in BY_RESULT.items()},
    Measure.PAUSED: PAUSED_DEFINITION,
    Measure.FORWARDED: _l(
        "opinions, petitions, reflections and criticism that the press has forwarded, among the inquiries received."
    ),
    Measure.CORRECTIONS: _l(
        "letters of response and of correction or apology sent to press agencies in the period, for the lead agency."
    ),
    Measure.CONFERENCES: _l("held in the period, with evidence."),
    Measure.RELEASES: _l(
        "published in the period by the agency itself or in an incident, not as the answer to an inquiry."
    ),
    Measure.CLASSES: _l("whose first session was in the period, for the agency that holds the course."),
    Measure.TURNS: _l(
        "people who came to at least one session of such a class, once for each class, for their own agency."
    ),
}
RATE = _l("Rate on time")
RATE_DEFINITION = _l("on time, of all that were settled or whose term has ended (on time, late and overdue together).")
SUMS = _l(
    "On time, late, in progress, overdue and withdrawn within the term make up all that was received; so do answered, "
    "refused, withdrawn and not finished. Whatever was received in the period is shown as it stands now."
)
# The columns of the two tables of units, in their order.
TIMES = (
    Measure.CARRIED,
    Measure.RECEIVED,
    Measure.ON_TIME,
    Measure.LATE,
    Measure.RUNNING,
    Measure.OVERDUE,
    Measure.WITHDRAWN,
)
RESULTS = (Measure.ANSWERED, Measure.REFUSED, Measure.GIVEN_UP, Measure.OPEN, Measure.FORWARDED)
OTHERS = (Measure.CORRECTIONS, Measure.CONFERENCES, Measure.RELEASES, Measure.CLASSES, Measure.TURNS)
EVERY = {Every.MONTH: _l("By month"), Every.QUARTER: _l("By quarter")}
ROMAN = ("I", "II", "III", "IV")


def stretch_words(one: Stretch) -> str:
    """Month 11 of 2026, quarter IV of 2026."""
    if one.every is Every.MONTH:
        return _("month %(number)s of %(year)s", number=one.number, year=one.year)
    return _("quarter %(number)s of %(year)s", number=ROMAN[one.number - 1], year=one.year)


def short_stretch(one: Stretch) -> str:
    """11/2026, IV/2026."""
    number = f"{one.number:02d}" if one.every is Every.MONTH else ROMAN[one.number - 1]
    return f"{number}/{one.year}"


def period_words(period: Period) -> str:
    """01/11/2026 to 30/11/2026."""
    return _("%(first)s to %(last)s", first=write_day(period.since), last=write_day(period.until))


def grounds_in(counts: Mapping[Measure, int]) -> list[Measure]:
    """The grounds of refusal to show: those of the law in force, and others where somebody refused on them."""
    return [each for each in BY_GROUND if each is not Measure.DRAFT_POLICY or counts.get(each, 0)]


def result_columns(whole: Mapping[Measure, int]) -> list[Measure]:
    """The second table of units: results, the refused by their grounds, what was done besides."""
    return [*RESULTS[:2], *grounds_in(whole), *RESULTS[2:], *OTHERS]


def share_words(counts: Mapping[Measure, int]) -> str:
    """94.2%, or a dash where nothing has fallen due."""
    found = share(counts)
    return "–" if found is None else f"{format_decimal(found)}%"


def rate_words(counts: Mapping[Measure, int]) -> str:
    """94.2% (371 of 394): on time among what has fallen due; in words where nothing has."""
    whole = due(counts)
    if not whole:
        return _("nothing has fallen due yet")
    on_time = counts.get(Measure.ON_TIME, 0)
    return _("%(share)s%% (%(part)s of %(whole)s)", share=format_decimal(share(counts)), part=on_time, whole=whole)


def change_words(now: int, before: int) -> str:
    """+3, −2, or the same."""
    if now == before:
        return _("no change")
    return f"+{now - before}" if now > before else f"−{before - now}"


def share_change_words(now: Mapping[Measure, int], before: Mapping[Measure, int]) -> str:
    """By how many percentage points the rate changed."""
    mine, theirs = share(now), share(before)
    if mine is None or theirs is None:
        return "–"
    points = round(mine - theirs, 1)
    if not points:
        return _("no change")
    words = format_decimal(abs(points))
    sign = "+" if points > 0 else "−"
    return _("%(points)s points", points=f"{sign}{words}")


def beside_rate(report: PeriodReport) -> list[str]:
    """What stands beside every rate: stops and extensions, with all their days."""
    whole = report.whole
    return [
        ngettext(
            "Of these %(num)d was stopped, for %(days)s days in all.",
            "Of these %(num)d were stopped, for %(days)s days in all.",
            whole[Measure.STOPPED],
            days=report.stopped_days,
        ),
        ngettext(
            "%(num)d was extended, by %(days)s days in all.",
            "%(num)d were extended, by %(days)s days in all.",
            whole[Measure.EXTENDED],
            days=report.extended_days,
        ),
        ngettext("%(num)d stands still now.", "%(num)d stand still now.", whole[Measure.PAUSED]),
    ]


def finding(counts: Mapping[Measure, int]) -> str:
    """What the figures say, as a title."""
    if not counts.get(Measure.RECEIVED, 0):
        return _("No inquiry in this period")
    if not due(counts):
        return ngettext("%(num)d inquiry, not due yet", "%(num)d inquiries, none due yet", counts[Measure.RECEIVED])
    return _(
        "%(part)s of %(whole)s inquiries that fell due were answered on time",
        part=counts.get(Measure.ON_TIME, 0),
        whole=due(counts),
    )

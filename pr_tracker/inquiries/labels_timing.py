"""What became of inquiries and their deadlines, in words, and how each is defined: one place for lists and reports."""

from flask_babel import lazy_gettext as _l

from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_timing import Result, Timing

TIMING = {
    Timing.ON_TIME: _l("On time"),
    Timing.LATE: _l("Late"),
    Timing.OVERDUE: _l("Overdue, not answered"),
    Timing.RUNNING: _l("In progress, within the term"),
    Timing.WITHDRAWN: _l("Withdrawn within the term"),
}
# The words of rules_timing, shown beside every figure.
DEFINITION = {
    Timing.ON_TIME: _l("answered, or refused with the reason given, before the term ended."),
    Timing.LATE: _l("answered, refused or withdrawn by the press only after the term had ended."),
    Timing.OVERDUE: _l("not finished, and the term has ended."),
    Timing.RUNNING: _l("not finished, and the term has not ended."),
    Timing.WITHDRAWN: _l("withdrawn by the press before the term ended; counts neither as on time nor as late."),
}
RESULT = {
    Result.ANSWERED: _l("Answered"),
    Result.REFUSED: _l("Refused with a ground"),
    Result.WITHDRAWN: _l("Withdrawn by the press"),
    Result.OPEN: _l("Not finished"),
}
RESULT_DEFINITION = {
    Result.ANSWERED: _l("an answer was given in one of the five forms of speaking."),
    Result.REFUSED: _l("information was refused on a ground of the law, and the press was told the reason."),
    Result.WITHDRAWN: _l("the press has withdrawn its inquiry."),
    Result.OPEN: _l("neither answered nor refused nor withdrawn yet."),
}
PAUSED = _l("Stands still now")
PAUSED_DEFINITION = _l(
    "not finished, and the term is stopped for a coded reason with evidence; it counts among those in progress."
)
GROUND_IN_SHORT = {
    RefusalGround.SECRET: _l("Point (a): secrets"),
    RefusalGround.INVESTIGATION: _l("Point (b): under investigation or not yet tried"),
    RefusalGround.UNCONCLUDED: _l("Point (c): not yet concluded"),
    RefusalGround.DRAFT_POLICY: _l("Point (d), Press Law 2016: policy still being drafted"),
}

"""Assessments in words."""

from flask_babel import lazy_gettext as _l

from pr_tracker.assessments.rules import AssessmentEvent, Kind, MarkSource, Stage, Verdict
from pr_tracker.assessments.rules_feedback import Asking
from pr_tracker.assessments.rules_marks import MarkTrouble

KINDS = {
    Kind.SINGLE: _l("One choice"),
    Kind.SEVERAL: _l("Several choices"),
    Kind.SHORT: _l("Short answer"),
}

STAGES = {
    Stage.PREPARING: _l("Not open yet"),
    Stage.OPEN: _l("Open"),
    Stage.CLOSED: _l("Closed"),
}

VERDICTS = {
    Verdict.WAITING: _l("To be marked"),
    Verdict.PASSED: _l("Passed"),
    Verdict.RETURNED: _l("Returned to be done again"),
}

SOURCES = {
    MarkSource.TEST: _l("from the test"),
    MarkSource.TYPED: _l("typed"),
    MarkSource.IMPORTED: _l("imported"),
}

MARK_TROUBLES = {
    MarkTrouble.NO_CODE: _l("There is no row code on this line. Example: A07"),
    MarkTrouble.UNKNOWN_CODE: _l("Nobody of the class has this row code."),
    MarkTrouble.OTHER_NAME: _l("This row code is of somebody else."),
    MarkTrouble.NO_MARK: _l("There is no mark on this line."),
    MarkTrouble.BAD_MARK: _l("This is not a mark from 0 to 10."),
    MarkTrouble.REPEATED: _l("This row code stands above already."),
}

# The five answers of a scale, 5 first.
SCALE_WORDS = {
    5: _l("Fully agree"),
    4: _l("Agree"),
    3: _l("Neither"),
    2: _l("Disagree"),
    1: _l("Fully disagree"),
}

ASKINGS = {
    Asking.SCALE: _l("Scale of five"),
    Asking.TEXT: _l("Free text"),
}

ASSESSMENT_EVENTS = {
    AssessmentEvent.TEST_ADD: _l("added a test"),
    AssessmentEvent.TEST_CHANGE: _l("changed a test"),
    AssessmentEvent.TEST_COPY: _l("copied a test from another class"),
    AssessmentEvent.QUESTION_ADD: _l("added questions to a test"),
    AssessmentEvent.QUESTION_CHANGE: _l("corrected a question of a test"),
    AssessmentEvent.QUESTION_WITHDRAW: _l("withdrew a question of a test"),
    AssessmentEvent.QUESTION_MOVE: _l("moved a question of a test"),
    AssessmentEvent.ANSWER_JUDGE: _l("marked a short answer"),
    AssessmentEvent.ATTEMPT_START: _l("a trainee began a test"),
    AssessmentEvent.ATTEMPT_HAND_IN: _l("a trainee handed in a test"),
    AssessmentEvent.ATTEMPT_ANNUL: _l("annulled an attempt at a test"),
    AssessmentEvent.MARKS_ENTER: _l("entered marks"),
    AssessmentEvent.MARKS_EXPORT: _l("downloaded a list of marks"),
    AssessmentEvent.PAPER_ASK: _l("asked a class for a final paper"),
    AssessmentEvent.PAPER_HAND_IN: _l("took in a final paper"),
    AssessmentEvent.PAPER_JUDGE: _l("judged a final paper"),
    AssessmentEvent.PAPER_READ: _l("downloaded a final paper"),
    AssessmentEvent.FEEDBACK_OPEN: _l("asked a class for feedback"),
    AssessmentEvent.FEEDBACK_CHANGE: _l("changed what a class is asked"),
    AssessmentEvent.FEEDBACK_GIVE: _l("somebody gave anonymous feedback"),
}

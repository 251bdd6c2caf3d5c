"""Training in words."""

from flask_babel import lazy_gettext as _l

from pr_tracker.trainings.rules import TrainingEvent
from pr_tracker.trainings.rules_conflicts import Clash
from pr_tracker.trainings.rules_roll import Mark, Source
from pr_tracker.trainings.rules_roster import Doubt, Trouble
from pr_tracker.trainings.rules_sheet import SheetTrouble

MARKS = {
    Mark.PRESENT: _l("Present"),
    Mark.LATE: _l("Came late"),
    Mark.LEFT_EARLY: _l("Left early"),
    Mark.EXCUSED: _l("Excused"),
    Mark.ABSENT: _l("Absent"),
}

SOURCES = {
    Source.ROLL: _l("roll call"),
    Source.SELF: _l("checked in on the phone"),
    Source.SCAN: _l("personal code scanned"),
    Source.PAPER: _l("typed from the signed sheet"),
    Source.WALK_IN: _l("came without being on the list"),
}

# On the roll call itself, where five stand side by side.
SHORT_MARKS = MARKS | {Mark.EXCUSED: _l("With leave")}

# How a mark is drawn on the roll call: look, glyph, key; the key is also its letter on paper.
MARK_LOOKS = {
    Mark.PRESENT: ("p", "check", "c"),
    Mark.LATE: ("l", "hourglass", "m"),
    Mark.LEFT_EARLY: ("s", "leave", "s"),
    Mark.EXCUSED: ("e", "circle", "p"),
    Mark.ABSENT: ("a", "cross", "v"),
}

# What two sessions at the same time share, before the names.
CLASHES = {
    Clash.ROOM: _l("Same room"),
    Clash.LECTURER: _l("Same lecturer"),
    Clash.TRAINER: _l("Same trainer of the team"),
    Clash.TRAINEE: _l("Same trainees"),
}

SHEET_TROUBLES = {
    SheetTrouble.NO_CODE: _l("This does not begin with a row code such as A07."),
    SheetTrouble.NO_MARK: _l("The mark is missing or unknown: c, m, s, p or v."),
    SheetTrouble.UNKNOWN_ROW: _l("Nobody on this roll call has this row code."),
    SheetTrouble.REPEATED: _l("This row stands above with something else."),
    SheetTrouble.TOO_LONG: _l("The remark is too long."),
}

TROUBLES = {
    Trouble.NO_NAME: _l("There is no name on this line."),
    Trouble.TOO_LONG: _l("Name, title or agency is too long."),
    Trouble.TOO_MANY_PARTS: _l("More than name, title and agency: too many semicolons."),
}

DOUBTS = {
    Doubt.SAME_PERSON: _l("Probably on the roster already"),
    Doubt.SAME_NAME: _l("Somebody of this name is on the roster"),
    Doubt.REPEATED: _l("Stands above already"),
}

TRAINING_EVENTS = {
    TrainingEvent.COURSE_ADD: _l("added a course"),
    TrainingEvent.COURSE_CHANGE: _l("corrected a course"),
    TrainingEvent.CLASS_ADD: _l("added a class"),
    TrainingEvent.CLASS_CHANGE: _l("corrected a class"),
    TrainingEvent.CLASS_COPY: _l("copied a class"),
    TrainingEvent.CLASS_CANCEL: _l("cancelled a class"),
    TrainingEvent.CLASS_RESUME: _l("said that a cancelled class is held after all"),
    TrainingEvent.SESSION_ADD: _l("added a session"),
    TrainingEvent.SESSION_CANCEL: _l("cancelled a session"),
    TrainingEvent.SESSION_RESUME: _l("said that a cancelled session is held after all"),
    TrainingEvent.MATERIAL_ADD: _l("added materials to a session"),
    TrainingEvent.MATERIAL_WITHDRAW: _l("withdrew a material of a session"),
    TrainingEvent.SESSION_CHANGE: _l("corrected a session"),
    TrainingEvent.SESSION_CLOSE: _l("closed a session"),
    TrainingEvent.SESSION_SHEET: _l("printed an attendance sheet"),
    TrainingEvent.SCAN_ADD: _l("kept the scan of a signed sheet"),
    TrainingEvent.SCAN_WITHDRAW: _l("withdrew the scan of a signed sheet"),
    TrainingEvent.SCAN_READ: _l("took the scan of a signed sheet"),
    TrainingEvent.ROSTER_ADD: _l("added people to a roster"),
    TrainingEvent.PARTICIPANT_CHANGE: _l("corrected a row of a roster"),
    TrainingEvent.PARTICIPANT_REMOVE: _l("took somebody off a roster"),
    TrainingEvent.PARTICIPANT_RESTORE: _l("put somebody back on a roster"),
    TrainingEvent.PARTICIPANT_SEAT: _l("said at which remote venue people sit"),
    TrainingEvent.ATTENDANCE_MARK: _l("called the roll"),
    TrainingEvent.ATTENDANCE_CORRECT: _l("corrected a mark after the session was closed"),
    TrainingEvent.ARRIVAL: _l("recorded an arrival"),
}

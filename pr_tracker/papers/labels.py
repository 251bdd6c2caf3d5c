"""Papers in words."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from pr_tracker.papers.rules import PaperEvent, PaperKind, Status, Verdict

PAPER_EVENTS = {
    PaperEvent.ISSUE: _l("issued a paper"),
    PaperEvent.TAKE: _l("downloaded a paper"),
    PaperEvent.SIGN: _l("signed a paper electronically"),
    PaperEvent.WITHDRAW: _l("withdrew a paper"),
}

KINDS = {
    PaperKind.CASE_SHEET: _l("Case sheet"),
    PaperKind.DEADLINE_SHEET: _l("Explanation of a deadline"),
    PaperKind.REGISTER: _l("Register of inquiries"),
    PaperKind.LATE_UNITS: _l("List of late units"),
    PaperKind.MONTH_REPORT: _l("Monthly report"),
    PaperKind.QUARTER_REPORT: _l("Quarterly report"),
    PaperKind.ANNUAL_REPORT: _l("Annual report"),
    PaperKind.SPOKESPERSONS: _l("List of spokespersons"),
    PaperKind.REFUSALS: _l("List of refusals"),
    PaperKind.CORRECTIONS: _l("List of feedback and corrections"),
    PaperKind.CLASS_REPORT: _l("Report on a class"),
    PaperKind.TRAINING_YEAR: _l("Training report of a year"),
    PaperKind.TRAINING_COVERAGE: _l("Training coverage"),
    PaperKind.CHRONOLOGY: _l("Chronology of an incident"),
    PaperKind.LIST: _l("List"),
    PaperKind.REPORT: _l("Report"),
}

STATUSES = {
    Status.VALID: _lp("paper", "valid"),
    Status.SUPERSEDED: _l("superseded"),
    Status.WITHDRAWN: _lp("paper", "withdrawn"),
}

# What the public page says: the answer, then what it means.
VERDICTS = {
    Verdict.VALID: (
        _lp("paper", "Valid"),
        _l("This paper was issued by the agency named below and was neither superseded nor withdrawn."),
    ),
    Verdict.SUPERSEDED: (
        _l("Superseded"),
        _l("This paper was issued by the agency named below, but a later one has taken its place."),
    ),
    Verdict.WITHDRAWN: (
        _lp("paper", "Withdrawn"),
        _l("This paper was issued, but the agency named below has withdrawn it. It must no longer be used."),
    ),
    Verdict.ALTERED: (
        _l("Not confirmed"),
        _l("What is stored under this code is not what was issued. Ask the agency named on the paper."),
    ),
    Verdict.CHANGED_FILE: (
        _l("Not the file that was issued"),
        _l("The file carries the code of one of our papers, but it is not byte for byte the file that was issued."),
    ),
    Verdict.UNKNOWN: (
        _l("No such paper"),
        _l("No paper was ever issued with this code: it was mistyped, or the paper is not genuine."),
    ),
    Verdict.UNKNOWN_FILE: (
        _l("Not a file of ours"),
        _l("No paper that was issued here has exactly this content, and the file carries none of our codes."),
    ),
}


def fingerprint(digest: str) -> str:
    """A SHA-256 in groups of eight, to be compared by eye."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))

"""The annual report in words: the six figures as the annex of Decree 244/2026/NĐ-CP has them, what each counts."""

from flask_babel import lazy_gettext as _l

from pr_tracker.incidents.labels import KIND as INCIDENT_KIND
from pr_tracker.reports.rules_annual import AnnualEvent, Case, FigureKey, Outcome

ANNUAL_EVENTS = {
    AnnualEvent.TEXT: _l("saved section II of an annual report"),
    AnnualEvent.FIX: _l("fixed a version of an annual report"),
    AnnualEvent.EXPORT: _l("took an annual report out"),
}
FIGURE = {
    FigureKey.CONFERENCES: _l("Press conferences held in the year"),
    FigureKey.BRIEFINGS: _l("Times of informing the press proactively at press briefings"),
    FigureKey.ANSWERS: _l("Answers to the press / all inquiries of the press"),
    FigureKey.SPOKEN: _l("Sudden, extraordinary incidents spoken of / all incidents"),
    FigureKey.IN_TIME: _l("Incidents spoken of on time / incidents to which a term applies"),
    FigureKey.LETTERS: _l("Cases with a feedback letter, a request to correct or apologise / all cases that arose"),
}
DEFINITION = {
    FigureKey.CONFERENCES: _l("press conferences recorded as held on a day of the window, periodic and ad hoc."),
    FigureKey.BRIEFINGS: _l(
        "what is on record of press briefings on a day of the window, and statements on incidents released at a press "
        "briefing; answers to questions count in figure 3."
    ),
    FigureKey.ANSWERS: _l(
        "inquiries received in the window; answered are those to which an answer was given by the moment of the "
        "figures. A refusal with its reason, a withdrawal and what is still open are part of the whole, not of the "
        "answers."
    ),
    FigureKey.SPOKEN: _l(
        "incidents received in the window (Article 7(2) to (5)); spoken of are those on which a statement was made."
    ),
    FigureKey.IN_TIME: _l(
        "of the same incidents those whose 24 hours run (Article 7(3), (4)), by the rule in force on that day; on time "
        "are those with initial information before the term ended."
    ),
    FigureKey.LETTERS: _l(
        "cases in which the first article that quotes wrong was published, or the first letter about it was sent, in "
        "the window (Article 7(6)); each case counts in one year only."
    ),
}
OUTCOME = {
    Outcome.PERIODIC: _l("periodic"),
    Outcome.AD_HOC: _l("ad hoc"),
    Outcome.BRIEFING: _l("recorded at a briefing"),
    Outcome.STATEMENT: _l("statement on an incident"),
    Outcome.ANSWERED: _l("answered"),
    Outcome.REFUSED: _l("refused with the reason"),
    Outcome.WITHDRAWN: _l("withdrawn by the press"),
    Outcome.OPEN: _l("in progress"),
    Outcome.SPOKEN: _l("spoken of"),
    Outcome.SILENT: _l("not spoken of"),
    Outcome.ON_TIME: _l("on time"),
    Outcome.LATE: _l("late"),
    Outcome.OVERDUE: _l("overdue, not spoken of"),
    Outcome.RUNNING: _l("within the term"),
    Outcome.LETTER: _l("letter sent"),
    Outcome.NO_LETTER: _l("no letter sent"),
}
# What the list behind each figure is called, and the heads of two of its columns.
LIST = {
    FigureKey.CONFERENCES: _l("Press conferences"),
    FigureKey.BRIEFINGS: _l("Information given at press briefings"),
    FigureKey.ANSWERS: _l("Inquiries of the press"),
    FigureKey.SPOKEN: _l("Incidents of the year"),
    FigureKey.IN_TIME: _l("Incidents to which a term applies"),
    FigureKey.LETTERS: _l("Cases in which something wrong was published"),
}
WHOSE = {
    FigureKey.CONFERENCES: _l("Place"),
    FigureKey.BRIEFINGS: _l("Who held the briefing"),
    FigureKey.ANSWERS: _l("Press agency"),
    FigureKey.SPOKEN: _l("Kind"),
    FigureKey.IN_TIME: _l("Kind"),
    FigureKey.LETTERS: _l("Press agency"),
}
AT = {
    FigureKey.CONFERENCES: _l("Held at"),
    FigureKey.BRIEFINGS: _l("Time"),
    FigureKey.ANSWERS: _l("Received at"),
    FigureKey.SPOKEN: _l("Received at"),
    FigureKey.IN_TIME: _l("Received at"),
    FigureKey.LETTERS: _l("Received at"),
}
DONE_AT = {
    FigureKey.ANSWERS: _l("Finished at"),
    FigureKey.SPOKEN: _l("First spoken of at"),
    FigureKey.IN_TIME: _l("First spoken of at"),
    FigureKey.LETTERS: _l("First letter at"),
}
_INCIDENTS = {kind.value: words for kind, words in INCIDENT_KIND.items()}


def whose_words(case: Case) -> str:
    """The press agency, place, host, or kind of incident."""
    return str(_INCIDENTS.get(case.whose, case.whose)) if case.source == "incident" else case.whose

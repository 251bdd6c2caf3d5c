"""A row of a ledger as a case: every cell read, and every reason why it cannot be one, or should be looked at."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from pr_tracker.errors import N_
from pr_tracker.imports.rules import Given, Reason
from pr_tracker.imports.rules_dates import ReadDay, read_day, read_time
from pr_tracker.imports.targets.known import Known
from pr_tracker.imports.targets.ledger_words import Words
from pr_tracker.inquiries.actions.intake import LONGEST_QUESTION, MOST_QUESTIONS
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import (
    CLOCK_KEYS,
    INTERNAL_KEYS,
    KINDS_WITH_OWN_START,
    AnswerForm,
    Channel,
    Kind,
    RefusalGround,
    Urgency,
    grounds_on,
)
from pr_tracker.inquiries.rules_ledger import LedgerCase, Outcome
from pr_tracker.office_time import office_day, office_instant, write_day
from pr_tracker.outlets.rules import LONGEST_JOURNALIST
from pr_tracker.text import fold

LONGEST_SUBJECT, LONGEST_NUMBER, LONGEST_SPEAKER, LONGEST_NOTE = 300, 60, 200, 4000
END_OF_DAY = time(23, 59)

EMPTY = N_("Please fill this in.")
TOO_LONG = N_("This is longer than %(longest)s characters.")
TO_COME = N_("This moment is still to come.")
ENDED_BEFORE = N_("It ended before it was received.")
TWO_ENDS = N_("The row has days for several ends (answered, refused, withdrawn). An inquiry ends once.")
NO_END_DATE = N_("The row says that it ended, but not on which day.")
END_AGAINST_STATUS = N_("The status says that it is open, but there is a day of the answer: it was taken as answered.")
NO_GROUND = N_("Information is refused on a ground of the law: say which.")
UNKNOWN_GROUND = N_("“%(typed)s” is no ground of the law.")
GROUND_NOT_THEN = N_("The law in force on %(day)s did not know this ground.")
KIND_UNKNOWN = N_("“%(typed)s” was not understood and taken as an ordinary question.")
CHANNEL_UNKNOWN = N_("“%(typed)s” was not understood and taken as a letter or dispatch.")
URGENCY_UNKNOWN = N_("“%(typed)s” was not understood and taken as not urgent.")
FORM_UNKNOWN = N_("“%(typed)s” was not understood and taken as an answer in writing.")
STATUS_NOT_UNDERSTOOD = N_("“%(typed)s” was not understood.")
ARCHIVED_HOW = N_("The row says that the file is archived, but not how it ended.")
HOURS_WITHOUT_TIME = N_("This clock counts hours and the row has no time: first and last minute of the day count.")
ERROR_CELL = N_("The cell holds an error of the spreadsheet: %(typed)s")
MANY_QUESTIONS = N_("At most %(most)s questions, one per line; attach a longer list as a file.")

_BETWEEN = re.compile(r"\s*[;\n/|]\s*|\s*,\s*|\s+và\s+")
_BRACKETS = re.compile(r"\([^)]*\)|\+?\d[\d .-]{7,}\d")


@dataclass
class ReadRow:
    """What was read of a row so far, with what is wrong and what is doubtful in it."""

    given: Given
    values: dict[str, Any] = field(default_factory=dict)
    wrong: list[Reason] = field(default_factory=list)
    doubts: list[Reason] = field(default_factory=list)
    case: LedgerCase | None = None


class LedgerReader:
    """Reads the rows of one file."""

    def __init__(self, words: Words, outlets: Known, agencies: Known, now: datetime) -> None:
        self._words, self._outlets, self._agencies, self._now = words, outlets, agencies, now

    def read(self, given: Given) -> ReadRow:
        """The row as a case; `case` is None when something is wrong."""
        row = ReadRow(given)
        self._errors(row)
        self._asked(row)
        self._codes(row)
        self._agencies_named(row)
        received = self._moment(row, "received", "received_time", needed=True)
        self._ended(row)
        if received is not None:
            row.values["received_at"] = received
            self._in_order(row, received)
        if not row.wrong:
            row.case = LedgerCase(row=given.number, **row.values)
        return row

    def _errors(self, row: ReadRow) -> None:
        for key, cell in row.given.cells.items():
            if getattr(cell, "error", False):
                row.wrong.append(Reason(ERROR_CELL, key, {"typed": cell.text}))

    def _asked(self, row: ReadRow) -> None:
        """Number, outlet, journalists, subject and questions."""
        given, values = row.given, row.values
        for key, longest in (("number", LONGEST_NUMBER), ("speaker", LONGEST_SPEAKER), ("note", LONGEST_NOTE)):
            values[key] = _fitting(row, key, longest)
        values["evidence"] = _fitting(row, "evidence", LONGEST_NOTE)
        values["journalists"] = _people(row)
        subject, questions = given.text("subject"), given.lines("questions")
        subject = subject or (questions[0] if questions else "")
        if not subject:
            row.wrong.append(Reason(EMPTY, "subject"))
        elif len(subject) > LONGEST_SUBJECT:  # a long one is a question; its beginning names the case
            questions = questions or given.lines("subject")
            subject = subject[: LONGEST_SUBJECT - 1].rsplit(" ", 1)[0] + "…"
        values["subject"], values["questions"] = subject, tuple(questions or [subject])
        if len(values["questions"]) > MOST_QUESTIONS:
            row.wrong.append(Reason(MANY_QUESTIONS, "questions", {"most": MOST_QUESTIONS}))
        if any(len(text) > LONGEST_QUESTION for text in values["questions"]):
            row.wrong.append(Reason(TOO_LONG, "questions", {"longest": LONGEST_QUESTION}))
        typed = given.text("outlet")
        found = self._outlets.find(typed, "outlet") if typed else Reason(EMPTY, "outlet")
        if isinstance(found, Reason):
            row.wrong.append(found)
        else:
            values["outlet_id"], values["outlet"] = found, self._outlets.by_id[found]

    def _codes(self, row: ReadRow) -> None:
        words = self._words
        row.values["kind"] = _code(row, "kind", words.kinds, Kind.QUESTION, KIND_UNKNOWN)
        row.values["channel"] = _code(row, "channel", words.channels, Channel.LETTER, CHANNEL_UNKNOWN)
        row.values["urgency"] = _code(row, "urgency", words.urgencies, Urgency.NORMAL, URGENCY_UNKNOWN)

    def _agencies_named(self, row: ReadRow) -> None:
        lead = row.given.text("lead")
        if lead:
            row.values["lead_id"] = self._agency(row, lead, "lead")
        typed = [one for line in row.given.lines("coordinating") for one in re.split(r"\s*[;,]\s*", line) if one]
        found = [self._agency(row, one, "coordinating") for one in typed]
        row.values["watching_ids"] = tuple(one for one in found if one is not None)

    def _agency(self, row: ReadRow, typed: str, column: str) -> int | None:
        found = self._agencies.find(typed, column)
        if isinstance(found, Reason):
            row.wrong.append(found)
            return None
        return found

    def _moment(self, row: ReadRow, column: str, beside: str, *, needed: bool = False) -> datetime | None:
        """The moment of a column; with only a day, its first minute at the beginning of a case, its last at the end."""
        read = self._day(row, column)
        at = read.at
        if beside and row.given.text(beside):
            cell = row.given.cells[beside]
            typed = read_time(cell.value, cell.text, beside)
            if isinstance(typed, Reason):
                row.wrong.append(typed)
            else:
                at = typed or at
        if read.day is None:
            if needed and read.wrong is None:
                row.wrong.append(Reason(EMPTY, column))
            return None
        begins = column == "received"
        row.values.setdefault("_times", {})[column] = at is not None
        moment = office_instant(read.day, at or (time(0) if begins else END_OF_DAY))
        if not begins and at is None and moment > self._now >= office_instant(read.day):
            moment = self._now.replace(second=0, microsecond=0)  # today, at no time that is said
        if moment > self._now:
            row.wrong.append(Reason(TO_COME, column))
        return moment

    def _day(self, row: ReadRow, column: str) -> ReadDay:
        cell = row.given.cells.get(column)
        read = read_day(cell.value, cell.text, column) if cell is not None else ReadDay()
        row.wrong.extend([read.wrong] if read.wrong else [])
        row.doubts.extend([read.doubt] if read.doubt else [])
        return read

    def _ended(self, row: ReadRow) -> None:
        """How and when it ended, and what that end needs."""
        ends = {
            Outcome.ANSWERED: self._moment(row, "finished", "finished_time"),
            Outcome.REFUSED: self._moment(row, "refused", ""),
            Outcome.WITHDRAWN: self._moment(row, "withdrawn", ""),
        }
        outcome = self._outcome(row, ends)
        finished = ends.get(outcome) or ends[Outcome.ANSWERED] if outcome else None
        times = row.values.pop("_times", {})
        row.values["received_has_time"] = times.get("received", False)
        if outcome is None:
            return
        if finished is None and not any(reason.column in ("finished", "refused", "withdrawn") for reason in row.wrong):
            row.wrong.append(Reason(NO_END_DATE, "finished"))
        place = {Outcome.REFUSED: "refused", Outcome.WITHDRAWN: "withdrawn"}.get(outcome, "finished")
        row.values["has_time"] = times.get(place if ends.get(outcome) else "finished", False)
        row.values["outcome"], row.values["finished_at"] = outcome, finished
        if outcome is not Outcome.WITHDRAWN:
            row.values["form"] = _code(row, "form", self._words.forms, AnswerForm.WRITTEN, FORM_UNKNOWN)
        if outcome is Outcome.REFUSED:
            self._refused(row)

    def _outcome(self, row: ReadRow, ends: dict[Outcome, datetime | None]) -> Outcome | None:
        typed = row.given.text("status")
        said = self._words.outcome(typed) if typed else None
        if typed and said is None:
            row.doubts.append(Reason(STATUS_NOT_UNDERSTOOD, "status", {"typed": typed[:80]}))
        dated = [outcome for outcome, at in ends.items() if at is not None]
        if row.given.text("ground") and Outcome.REFUSED not in dated:
            dated = [Outcome.REFUSED, *(one for one in dated if one is not Outcome.ANSWERED)]
        if isinstance(said, Outcome) and dated == [Outcome.ANSWERED]:
            return said  # one day for every end: the status says which
        if len(dated) > 1:
            row.wrong.append(Reason(TWO_ENDS, "finished"))
        if dated:
            if said is Status.RECEIVED:
                row.doubts.append(Reason(END_AGAINST_STATUS, "status"))
            return dated[0]
        if said is Status.ARCHIVED:
            row.wrong.append(Reason(ARCHIVED_HOW, "status"))
        return said if isinstance(said, Outcome) else None

    def _refused(self, row: ReadRow) -> None:
        typed, reason = row.given.text("ground"), row.given.text("reason")
        ground = self._words.ground(typed or reason) if typed or reason else None
        if ground is None:
            params = {"typed": typed[:80]} if typed else {}
            row.wrong.append(Reason(UNKNOWN_GROUND if typed else NO_GROUND, "ground", params))
            return
        row.values["ground"], row.values["reason"] = ground, reason or typed

    def _in_order(self, row: ReadRow, received: datetime) -> None:
        """The order of moments; what the law knew on the day; a clock of hours wants times."""
        values = row.values
        finished: datetime | None = values.get("finished_at")
        has_time = values.pop("received_has_time", False)
        if finished is not None and finished < received:
            row.wrong.append(Reason(ENDED_BEFORE, "finished"))
        ground: RefusalGround | None = values.get("ground")
        day = office_day(finished or received)
        if ground is not None and finished is not None and ground not in grounds_on(day):
            row.wrong.append(Reason(GROUND_NOT_THEN, "ground", {"day": write_day(day)}))
        by_hours = values["kind"] in KINDS_WITH_OWN_START and CLOCK_KEYS[values["kind"]] not in INTERNAL_KEYS
        if by_hours and not (has_time and (finished is None or values.get("has_time"))):
            row.doubts.append(Reason(HOURS_WITHOUT_TIME, "received"))


def _fitting(row: ReadRow, key: str, longest: int) -> str:
    text = row.given.text(key)
    if len(text) > longest:
        row.wrong.append(Reason(TOO_LONG, key, {"longest": longest}))
    return text


def _people(row: ReadRow) -> tuple[str, ...]:
    """The names in a cell, without telephone numbers and what stands in brackets."""
    cell = row.given.cells.get("journalists")
    text = _BRACKETS.sub(" ", cell.text) if cell is not None else ""
    names = tuple(dict.fromkeys(" ".join(name.split()) for name in _BETWEEN.split(text) if name.strip(" .-")))
    if any(len(name) > LONGEST_JOURNALIST for name in names):
        row.wrong.append(Reason(TOO_LONG, "journalists", {"longest": LONGEST_JOURNALIST}))
    return names


def _code(row: ReadRow, key: str, words: dict[str, Any], usual: Any, unknown: str) -> Any:
    """The code a word stands for; the usual one for an empty cell, and with a doubt for what is not understood."""
    typed = row.given.text(key)
    if not typed:
        return usual
    found = words.get(fold(typed))
    if found is None:
        row.doubts.append(Reason(unknown, key, {"typed": typed[:80]}))
    return found or usual

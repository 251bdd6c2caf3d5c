"""A line of a ledger beside the case it is: what differs, and what the case would say with the line's words.

An empty cell, and a column the file does not have, change nothing: a ledger adds, it does not erase.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pr_tracker.imports.rules import Given
from pr_tracker.inquiries.labels import CHANNEL, GROUND, KIND, STATUS, URGENCY
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_ledger import LedgerCase, Outcome
from pr_tracker.office_time import in_office, office_day, write_day, write_moment
from pr_tracker.statements.labels import ANSWER_FORM
from pr_tracker.text import lower_nfc


@dataclass(frozen=True)
class Compared:
    """A line and the stored case; `agencies` are the names by id."""

    given: Given
    case: LedgerCase
    stored: Any
    questions: tuple[str, ...]
    agencies: Mapping[int, str]

    @property
    def _from_ledger(self) -> bool:
        return self.stored.line_version is not None

    @property
    def _ended_as(self) -> Outcome | None:
        one = self.stored
        if one.finished_at is None:
            return None
        if one.released_at is not None:
            return Outcome.ANSWERED
        return Outcome.REFUSED if one.refusal_ground is not None else Outcome.WITHDRAWN

    def changes(self) -> dict[str, tuple[str, str]]:
        """Column → what is stored, what the line says; only where they differ."""
        case, one, found = self.case, self.stored, dict[str, tuple[str, str]]()
        if _differ(one.received_at, case.received_at, _is_midnight(case.received_at)):
            found["received"] = (write_moment(one.received_at), _moment(case.received_at))
        if one.outlet_id != case.outlet_id:
            found["outlet"] = (one.outlet, case.outlet)
        if _text(one.subject) != _text(case.subject):
            found["subject"] = (one.subject, case.subject)
        if self.given.text("questions") and [*map(_text, self.questions)] != [*map(_text, case.questions)]:
            found["questions"] = ("\n".join(self.questions), "\n".join(case.questions))
        names = [name for name in one.journalist_names.split(", ") if name]
        if case.journalists and {*map(lower_nfc, names)} != {*map(lower_nfc, case.journalists)}:
            found["journalists"] = (one.journalist_names, ", ".join(case.journalists))
        return found | self._codes() | self._end()

    def _codes(self) -> dict[str, tuple[str, str]]:
        case, one, found = self.case, self.stored, dict[str, tuple[str, str]]()
        for key, labels in (("kind", KIND), ("channel", CHANNEL), ("urgency", URGENCY)):
            old, new = getattr(one, key), getattr(case, key)
            if self.given.text(key) and old != new:
                found[key] = (str(labels[old]), str(labels[new]))
        if self.given.text("lead") and one.lead_agency_id != case.lead_id:
            former = self.agencies.get(one.lead_agency_id, "") if one.lead_agency_id else ""
            found["lead"] = (former, self.agencies.get(case.lead_id or 0, ""))
        return found

    def _end(self) -> dict[str, tuple[str, str]]:
        case, one, found = self.case, self.stored, dict[str, tuple[str, str]]()
        if case.outcome is None or case.finished_at is None:
            return found  # open by the ledger: what ended here stays so
        if self._ended_as is not case.outcome:
            found["status"] = (str(STATUS[one.status]), str(STATUS[Status(case.outcome.value)]))
        if one.finished_at is None or _differ(one.finished_at, case.finished_at, not case.has_time):
            old = write_moment(one.finished_at) if one.finished_at else ""
            found["finished"] = (old, _moment(case.finished_at, has_time=case.has_time))
        if case.form and self.given.text("form") and one.answer_form != case.form:
            found["form"] = (str(ANSWER_FORM[one.answer_form]) if one.answer_form else "", str(ANSWER_FORM[case.form]))
        if case.ground and one.refusal_ground != case.ground:
            old = str(GROUND[one.refusal_ground]) if one.refusal_ground else ""
            found["ground"] = (old, str(GROUND[case.ground]))
        reason = case.reason if self.given.text("reason") else ""
        texts = [("evidence", one.evidence, case.evidence), ("reason", one.refusal_reason or "", reason)]
        if self._from_ledger:
            texts += [("speaker", one.speaker, case.speaker), ("note", one.note, case.note)]
        return found | {key: (old, new) for key, old, new in texts if new and _text(old) != _text(new)}

    def merged(self) -> LedgerCase:
        """The line with what is stored where it says nothing."""
        case, one, text = self.case, self.stored, self.given.text
        kept: dict[str, Any] = {key: getattr(one, key) for key in ("kind", "channel", "urgency") if not text(key)}
        if not _differ(one.received_at, case.received_at, _is_midnight(case.received_at)):
            kept["received_at"] = one.received_at
        if not text("questions"):
            kept["questions"] = self.questions
        if not case.journalists:
            kept["journalists"] = tuple(name for name in one.journalist_names.split(", ") if name)
        if not text("lead"):
            kept["lead_id"] = one.lead_agency_id or case.lead_id
        kept |= self._kept_end()
        kept |= {key: getattr(one, key) or "" for key in ("speaker", "note", "evidence") if not text(key)}
        if not case.number and one.line_number:
            kept["number"] = one.line_number
        return replace(case, **kept)

    def _kept_end(self) -> dict[str, Any]:
        case, one = self.case, self.stored
        ended, kept = self._ended_as, dict[str, Any]()
        if ended is not None and (case.outcome is None or case.outcome is ended):
            same = case.finished_at is None or not _differ(one.finished_at, case.finished_at, not case.has_time)
            kept["outcome"] = ended
            kept["finished_at"] = one.finished_at if same else case.finished_at
            kept["form"] = case.form if self.given.text("form") else one.answer_form
            kept["ground"] = case.ground or one.refusal_ground
            kept["reason"] = (case.reason if self.given.text("reason") else "") or one.refusal_reason or case.reason
        return kept


def _text(value: str) -> str:
    return " ".join(lower_nfc(value).split())


def _is_midnight(moment: datetime) -> bool:
    return f"{in_office(moment):%H:%M}" == "00:00"


def _differ(stored: datetime, typed: datetime, only_day: bool) -> bool:
    if only_day:
        return office_day(stored) != office_day(typed)
    return stored.replace(second=0, microsecond=0) != typed.replace(second=0, microsecond=0)


def _moment(moment: datetime, *, has_time: bool = True) -> str:
    return write_moment(moment) if has_time and not _is_midnight(moment) else write_day(office_day(moment))

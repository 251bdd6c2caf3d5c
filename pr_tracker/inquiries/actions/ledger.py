"""Take cases over from a ledger, many at once: numbers, clocks by the rules of their day, history, audit log, search.

Nobody is told of each case, and of a clock that has ended nobody is reminded: it was over before it came here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, HeadTenure, Person
from pr_tracker.audit.actions import record_each, take_turn
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import Deadline, TermSettings, compute
from pr_tracker.deadlines.rules_ladder import planned_from, reminders
from pr_tracker.inquiries.models import HistoryEntry, Inquiry, InquiryJournalist, NumberCounter, Participation, Question
from pr_tracker.inquiries.models_ledger import LedgerEntry
from pr_tracker.inquiries.models_search import SearchText
from pr_tracker.inquiries.queries.ledger import journalists_called, taken_numbers
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import CLOCK_KEYS, INTERNAL_KEYS, Part
from pr_tracker.inquiries.rules_ledger import LedgerCase, Outcome, own_number
from pr_tracker.inquiries.rules_number import search_place, write_number
from pr_tracker.outlets.actions import journalist_named
from pr_tracker.outlets.models import Outlet
from pr_tracker.text import fold, lower_nfc, words_in

STATUS = {Outcome.ANSWERED: Status.ANSWERED, Outcome.REFUSED: Status.REFUSED, Outcome.WITHDRAWN: Status.WITHDRAWN}
EVENT = {
    Outcome.ANSWERED: InquiryEvent.RELEASE,
    Outcome.REFUSED: InquiryEvent.REFUSE,
    Outcome.WITHDRAWN: InquiryEvent.WITHDRAW,
}


@dataclass
class Ground:
    """What every line of a ledger is counted and written with: calendar, rules, terms, agencies and their heads."""

    calendar: Any = field(default_factory=deadlines.working_calendar)
    book: Any = field(default_factory=deadlines.rule_book)
    terms: Mapping[int | None, TermSettings] = field(default_factory=deadlines.all_terms)
    _tenures: dict[int, list[Any]] = field(default_factory=dict)
    _heads: dict[int, int | None] = field(default_factory=dict)
    _names: dict[tuple[int, str], int] = field(default_factory=dict)
    _kept: dict[tuple[str, datetime, TermSettings], "Counted"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        one = HeadTenure
        for row in db.session.execute(sa.select(one.agency_id, one.person_id, one.from_at, one.until_at)):
            self._tenures.setdefault(row.agency_id, []).append(row)
        heads = db.session.execute(sa.select(Agency.id, Agency.head_id))
        self._heads = {row.id: row.head_id for row in heads}
        people = sa.select(Person.id, Person.agency_id, Person.full_name).order_by(Person.active, Person.id.desc())
        self._names = {(row.agency_id, fold(row.full_name)): row.id for row in db.session.execute(people)}

    def head_at(self, agency_id: int, at: datetime) -> int | None:
        """Who headed the agency then; where the record does not go so far back, who heads it now."""
        for row in self._tenures.get(agency_id, ()):
            if (row.from_at is None or row.from_at <= at) and (row.until_at is None or row.until_at > at):
                return int(row.person_id)
        return self._heads.get(agency_id)

    def speaker(self, case: LedgerCase) -> int | None:
        """Who spoke, if the lead agency has somebody of that name; else its head then, who answers for it."""
        assert case.lead_id is not None
        said = fold(case.speaker.split(",")[0])
        return self._names.get((case.lead_id, said)) or self.head_at(case.lead_id, case.finished_at or case.received_at)

    def clock(self, case: LedgerCase, agency_id: int) -> "Counted":
        """The deadline by the rule's version of that day. Raises BadInput where no version or calendar goes so far."""
        key = CLOCK_KEYS[case.kind]
        lead_id = (case.lead_id or agency_id) if key in INTERNAL_KEYS else None
        settings = self.terms.get(lead_id, self.terms[None])
        place = (key, case.received_at, settings)
        if place not in self._kept:
            if len(self._kept) > 20_000:
                self._kept.clear()
            deadline = compute(key, case.received_at, calendar=self.calendar, settings=settings, book=self.book)
            self._kept[place] = Counted(deadline)
        return self._kept[place]


@dataclass
class Counted:
    """A deadline that many lines share."""

    deadline: Deadline

    @cached_property
    def stored(self) -> dict[str, Any]:
        """As a case keeps it."""
        return self.deadline.to_json()


@dataclass(frozen=True)
class Taking:
    """Who takes lines over, for which agency, when, from which file."""

    actor: Person
    now: datetime
    file_name: str
    ground: Ground


def take_over(cases: Sequence[LedgerCase], taking: Taking) -> list[int]:
    """New cases from lines of a ledger, in their order; returns their ids. The lines must have been looked at."""
    if not cases:
        return []
    take_turn()  # before the year's counter, as everywhere: two locks, one order
    journalists = _journalists(cases, taking)
    numbers = _numbers(cases)
    rows = [_case(case, number, taking) for case, number in zip(cases, numbers, strict=True)]
    table: Any = Inquiry.__table__
    insert = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(insert, rows))
    _write(Question, [q for id_, case in zip(ids, cases, strict=True) for q in _questions(id_, case)])
    _write(Participation, [p for id_, case in zip(ids, cases, strict=True) for p in _parts(id_, case, taking)])
    asking = [(id_, *_asking(case, journalists)) for id_, case in zip(ids, cases, strict=True)]
    linked = [{"inquiry_id": id_, "journalist_id": one} for id_, *people in asking for one in dict.fromkeys(people)]
    _write(InquiryJournalist, linked)
    _write(LedgerEntry, [_line(id_, case, taking) for id_, case in zip(ids, cases, strict=True)])
    _write(SearchText, [_search(id_, case) for id_, case in zip(ids, cases, strict=True)])
    _record(cases, ids, rows, taking)
    return ids


def _journalists(cases: Sequence[LedgerCase], taking: Taking) -> dict[tuple[int, str], int]:
    """Everybody who asks, by press agency and name; who is not known yet is put into the register."""
    known = journalists_called({case.outlet_id for case in cases if case.journalists})
    for case in cases:
        for name in case.journalists:
            if (case.outlet_id, lower_nfc(name)) not in known:
                outlet = db.session.get_one(Outlet, case.outlet_id)
                known[case.outlet_id, lower_nfc(name)] = journalist_named(
                    name, outlet, actor=taking.actor, now=taking.now
                ).id
    return known


def _asking(case: LedgerCase, known: Mapping[tuple[int, str], int]) -> list[int]:
    return [known[case.outlet_id, lower_nfc(name)] for name in case.journalists]


def _numbers(cases: Sequence[LedgerCase]) -> list[tuple[int, int]]:
    """A number for each: its own where it has one of our form that is free, else the next ones of its year."""
    wanted = {place for case in cases if (place := _own_place(case))}
    taken = taken_numbers(wanted)
    given: list[tuple[int, int] | None] = []
    for case in cases:
        place = _own_place(case)
        free = place is not None and place not in taken
        given.append(place if free else None)
        if free and place:
            taken.add(place)
    for year, highest in _highest(place for place in given if place).items():
        _count_up(year, at_least=highest)
    missing = Counter(case.year for case, place in zip(cases, given, strict=True) if place is None)
    following = {year: _count_up(year, by=many) - many for year, many in sorted(missing.items())}
    numbers = []
    for case, place in zip(cases, given, strict=True):
        if place is None:
            following[case.year] += 1
            place = (case.year, following[case.year])
        numbers.append(place)
    return numbers


def _own_place(case: LedgerCase) -> tuple[int, int] | None:
    typed = own_number(case.number)
    return (typed.year, typed.number) if typed and typed.year else None


def _highest(places: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for year, number in places:
        found[year] = max(found.get(year, 0), number)
    return dict(sorted(found.items()))


def _count_up(year: int, *, by: int = 0, at_least: int = 0) -> int:
    """The year's counter, `by` numbers further and not below `at_least`; its row stays locked until the commit."""
    db.session.execute(
        sa.text("INSERT INTO inquiry_numbers (year, last) VALUES (:year, 0) ON CONFLICT (year) DO NOTHING"),
        {"year": year},
    )
    counter = db.session.scalar(sa.select(NumberCounter).where(NumberCounter.year == year).with_for_update())
    assert counter is not None
    db.session.refresh(counter)
    counter.last = max(counter.last, at_least) + by
    db.session.flush()
    return counter.last


def _case(case: LedgerCase, number: tuple[int, int], taking: Taking) -> dict[str, Any]:
    actor, now, ground = taking.actor, taking.now, taking.ground
    ended = case.outcome is not None
    responsible = ground.head_at(case.lead_id, case.finished_at or now) if case.lead_id else None
    open_status = Status.ASSIGNED if case.lead_id else Status.RECEIVED
    return {
        "year": number[0],
        "number": number[1],
        "status": STATUS[case.outcome] if case.outcome else open_status,
        **_said(case),
        **_clock(case, ground.clock(case, actor.agency_id), ground, now),
        **_ended(case, ground),
        "logged_at": now,
        "logged_by_id": actor.id,
        "intake_agency_id": actor.agency_id,
        "lead_agency_id": case.lead_id,
        "responsible_id": responsible,
        "closing_note": case.note if ended else "",
    }


def _said(case: LedgerCase) -> dict[str, Any]:
    return {
        "subject": case.subject,
        "kind": case.kind,
        "channel": case.channel,
        "urgency": case.urgency,
        "outlet_id": case.outlet_id,
        "journalist_names": ", ".join(case.journalists),
        "received_at": case.received_at,
        "started_at": case.received_at,
    }


def _clock(case: LedgerCase, counted: Counted, ground: Ground, now: datetime) -> dict[str, Any]:
    deadline = counted.deadline
    assert deadline.ends_at is not None
    assert deadline.due is not None
    remind_at = None
    if case.outcome is None and deadline.ends_at > now:
        starts_at, ladder = deadline.trigger_at, deadline.ladder
        rungs = reminders(deadline.due, starts_at=starts_at, calendar=ground.calendar, ladder=ladder)
        remind_at = planned_from(rungs, now)
    return {
        "clock_key": deadline.key.value,
        "clock_version": deadline.version,
        "clock": counted.stored,
        "due_on": deadline.due_on,
        "due_at": deadline.due_at,
        "ends_at": deadline.ends_at,
        "next_reminder_at": remind_at,
    }


def _ended(case: LedgerCase, ground: Ground) -> dict[str, Any]:
    """What the end of a case writes; every column, so that all rows of one statement have the same."""
    answered, refused = case.outcome is Outcome.ANSWERED, case.outcome is Outcome.REFUSED
    right = {"kind": "ledger", "name": case.speaker, "title": "", "agency": ""} if answered and case.speaker else None
    return {
        "finished_at": case.finished_at if case.outcome else None,
        "released_at": case.finished_at if answered else None,
        "answer_form": case.form if answered or refused else None,
        "speaker_id": ground.speaker(case) if answered else None,
        "speaker_right": right,
        "evidence": case.evidence if answered or refused else "",
        "refusal_ground": case.ground if refused else None,
        "refusal_reason": case.reason if refused else None,
    }


def _questions(inquiry_id: int, case: LedgerCase) -> list[dict[str, Any]]:
    texts = enumerate(case.questions, 1)
    return [{"inquiry_id": inquiry_id, "position": at, "text": text} for at, text in texts]


def _parts(inquiry_id: int, case: LedgerCase, taking: Taking) -> list[dict[str, Any]]:
    """Who logged it and who leads; whoever coordinated follows for information: the ledger knows no task of theirs."""
    given = _part(inquiry_id, case, taking)
    parts = [{**given, "agency_id": taking.actor.agency_id, "part": Part.INTAKE}]
    if case.lead_id is not None:
        parts.append({**given, "agency_id": case.lead_id, "part": Part.LEAD})
    watching = [id_ for id_ in dict.fromkeys(case.watching_ids) if id_ not in (case.lead_id, taking.actor.agency_id)]
    return parts + [{**given, "agency_id": id_, "part": Part.WATCHING} for id_ in watching]


def _part(inquiry_id: int, case: LedgerCase, taking: Taking) -> dict[str, Any]:
    given = {"inquiry_id": inquiry_id, "received_at": case.received_at}
    return {**given, "added_at": taking.now, "added_by_id": taking.actor.id}


def _line(inquiry_id: int, case: LedgerCase, taking: Taking, version: int = 1) -> dict[str, Any]:
    return {
        "inquiry_id": inquiry_id,
        "agency_id": taking.actor.agency_id,
        "year": case.year,
        "number": case.number,
        "number_key": case.number_key,
        "likeness": case.likeness,
        "speaker": case.speaker,
        "note": case.note,
        "version": version,
        "file_name": taking.file_name[:200],
        "row": case.row,
        "taken_at": taking.now,
        "taken_by_id": taking.actor.id,
    }


def _search(inquiry_id: int, case: LedgerCase) -> dict[str, Any]:
    pieces = [case.subject, *case.questions, case.outlet, ", ".join(case.journalists)]
    whole = " \n ".join(piece for piece in pieces if piece)
    folded, exact = words_in(fold(whole)), words_in(lower_nfc(whole))
    place = search_place(case.received_at, inquiry_id)
    return {"inquiry_id": inquiry_id, "folded": folded, "exact": exact, "place": place}


def _record(cases: Sequence[LedgerCase], ids: Sequence[int], rows: Sequence[Mapping[str, Any]], taking: Taking) -> None:
    """History and the audit log say of each that it was taken over, and how it ended by the ledger."""
    taken = []
    for id_, case, row in zip(ids, cases, rows, strict=True):
        due = {"due_on": row["due_on"].isoformat()} if row["due_on"] else {"due_at": row["due_at"].isoformat()}
        code = write_number(row["year"], row["number"])
        taken.append((id_, {"code": code, "channel": case.channel.value, **due, **_source(case, taking)}))
    _tell(InquiryEvent.LOG, taken, taking)
    for outcome in Outcome:
        ended = [(id_, _told(case, taking)) for id_, case in zip(ids, cases, strict=True) if case.outcome is outcome]
        _tell(EVENT[outcome], ended, taking)


def _source(case: LedgerCase, taking: Taking) -> dict[str, Any]:
    number = {"ledger_number": case.number} if case.number else {}
    return {"ledger": taking.file_name, "row": case.row, **number}


def _told(case: LedgerCase, taking: Taking) -> dict[str, Any]:
    """How it ended, as history keeps it."""
    said: dict[str, Any] = {"at": case.told_at, **_source(case, taking)}
    if case.outcome in (Outcome.ANSWERED, Outcome.REFUSED) and case.form:
        said["form"] = case.form.value
    if case.outcome is Outcome.ANSWERED:
        said |= {"speaker": case.speaker or "…", "evidence": case.evidence}
    if case.outcome is Outcome.REFUSED and case.ground:
        said |= {"ground": case.ground.value, "reason": case.reason}
    if case.finished_at and case.outcome is not Outcome.WITHDRAWN:
        ends_at = taking.ground.clock(case, taking.actor.agency_id).deadline.ends_at
        said["late"] = ends_at is not None and case.finished_at >= ends_at
    if case.outcome is Outcome.WITHDRAWN:
        said["reason"] = case.note or case.evidence
    return said


def _tell(event: InquiryEvent, said: Sequence[tuple[int, dict[str, Any]]], taking: Taking, version: int = 1) -> None:
    if not said:
        return
    who = {
        "actor_id": taking.actor.id,
        "actor_title": taking.actor.title,
        "actor_agency": taking.actor.agency.name,
    }
    line = {"version": version, "at": taking.now, "event": event, **who}
    _write(HistoryEntry, [{"inquiry_id": id_, "data": data, **line} for id_, data in said])
    subjects = ((Inquiry.__tablename__, id_, data) for id_, data in said)
    record_each(event, subjects, actor=taking.actor, now=taking.now)


def _write(model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.insert(model.__table__), rows)


def lock_cases(ids: Iterable[int]) -> None:
    """Lock the cases that lines change, in the order of ids: to be done before the audit log's turn is taken."""
    query = sa.select(Inquiry.id).where(Inquiry.id.in_(set(ids))).order_by(Inquiry.id)
    db.session.execute(query.with_for_update(of=Inquiry, key_share=True))


def bring_up(inquiry_id: int, case: LedgerCase, changed: Mapping[str, tuple[str, str]], taking: Taking) -> None:
    """A case taken over earlier says what its line says now; history keeps what changed from what to what.

    The case must have been locked.
    """
    inquiry = db.session.get_one(Inquiry, inquiry_id, populate_existing=True)
    entry = db.session.get_one(LedgerEntry, inquiry_id, populate_existing=True)
    had_ended = inquiry.finished_at is not None
    journalists = _journalists([case], taking)
    ground = taking.ground
    open_status = Status.ASSIGNED if case.lead_id else Status.RECEIVED
    values = _said(case) | _clock(case, ground.clock(case, entry.agency_id), ground, taking.now) | _ended(case, ground)
    for name, value in values.items():
        setattr(inquiry, name, value)
    inquiry.status = STATUS[case.outcome] if case.outcome else open_status
    inquiry.responsible_id = ground.head_at(case.lead_id, case.finished_at or taking.now) if case.lead_id else None
    _move_lead(inquiry, case, taking)
    of_case = sa.update(Participation).where(Participation.inquiry_id == inquiry_id)
    db.session.execute(of_case.values(received_at=case.received_at))
    inquiry.version += 1
    for name, value in _line(inquiry_id, case, taking, inquiry.version).items():
        setattr(entry, name, value if name != "agency_id" else entry.agency_id)
    _write_anew(inquiry_id, case, _asking(case, journalists))
    db.session.flush()
    said = {"changed": {name: list(values) for name, values in changed.items()}, **_source(case, taking)}
    _tell(InquiryEvent.CHANGE, [(inquiry_id, said)], taking, inquiry.version)
    if case.outcome and not had_ended:
        _tell(EVENT[case.outcome], [(inquiry_id, _told(case, taking))], taking, inquiry.version)


def _move_lead(inquiry: Inquiry, case: LedgerCase, taking: Taking) -> None:
    """Another lead agency by the ledger: the former takes part no longer."""
    if inquiry.lead_agency_id == case.lead_id:
        return
    one = Participation
    former = sa.update(one).where(one.inquiry_id == inquiry.id, one.part == Part.LEAD, one.ended_at.is_(None))
    db.session.execute(former.values(ended_at=taking.now))
    inquiry.lead_agency_id = case.lead_id
    if case.lead_id is not None:
        _write(one, [{**_part(inquiry.id, case, taking), "agency_id": case.lead_id, "part": Part.LEAD}])


def _write_anew(inquiry_id: int, case: LedgerCase, journalists: Sequence[int]) -> None:
    """Questions, journalists and the search text as the line has them now; the audit log keeps what was changed."""
    db.session.execute(sa.delete(Question).where(Question.inquiry_id == inquiry_id))
    db.session.execute(sa.delete(InquiryJournalist).where(InquiryJournalist.inquiry_id == inquiry_id))
    _write(Question, _questions(inquiry_id, case))
    linked = dict.fromkeys(journalists)
    _write(InquiryJournalist, [{"inquiry_id": inquiry_id, "journalist_id": one} for one in linked])
    search = _search(inquiry_id, case)
    db.session.execute(sa.update(SearchText).where(SearchText.inquiry_id == inquiry_id).values(**search))

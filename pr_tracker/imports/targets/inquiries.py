"""Inquiries out of the ledger an office kept: finished ones too, and those still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from pr_tracker.errors import N_, BadInput
from pr_tracker.imports.rules import Column, Given, Judged, Reason, Setting, judged
from pr_tracker.imports.targets.known import AGENCY, OUTLET, known_agencies, known_outlets
from pr_tracker.imports.targets.ledger_compared import Compared
from pr_tracker.imports.targets.ledger_reading import LedgerReader, ReadRow
from pr_tracker.imports.targets.ledger_words import COLUMNS, Words
from pr_tracker.inquiries.actions.ledger import Ground, Taking, bring_up, lock_cases, take_over
from pr_tracker.inquiries.queries import ledger as queries
from pr_tracker.inquiries.rules_ledger import LedgerCase, Outcome, likeness_of, own_number
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.office_time import office_day
from pr_tracker.outlets.actions import outlet_named
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Permission
from pr_tracker.text import fold

ONE_DAY = timedelta(days=1)

REPEATED_NUMBER = N_("Row %(row)s has the same number.")
REPEATED_ROW = N_("Row %(row)s has the same day, press agency and subject.")
LOGGED_HERE = N_("It may be %(code)s, which was logged here: the same day, press agency and subject.")
KEPT_HERE = N_("%(code)s is worked on here; the ledger cannot change it. Different: %(columns)s.")
OTHER_LEADS = N_("Only the provincial office takes over what another agency led: %(agency)s.")
NO_HEAD = N_("%(agency)s has no head on record, so nobody would be responsible. Ask an administrator.")
NO_LEAD = N_("The row does not say who led; your own agency was taken.")


class Ledger:
    """The ledger of inquiries; see rules.Target."""

    code = "inquiries"
    label = _l("Inquiries from a ledger")
    hint = _l(
        "One inquiry a row, finished ones too: when it was received and from whom, what was asked, who led, when and "
        "how it was answered, refused or withdrawn. Deadlines are counted by the rules of that day."
    )
    permission = Permission.INQUIRY_LOG
    columns: Sequence[Column] = COLUMNS

    def begin(self, setting: Setting) -> "LedgerSession":
        """A pass through a ledger."""
        return LedgerSession(setting)

    def known_names(self, what: str) -> Sequence[tuple[int, str]]:
        """Press agencies or agencies."""
        known = {OUTLET: known_outlets, AGENCY: known_agencies}[what](_NoNames())
        return list(known.by_id.items())

    def add_name(self, what: str, typed: str, setting: Setting) -> int | None:
        """A press agency that is not on record yet; agencies of the province are not made by a ledger."""
        if what != OUTLET:
            return None
        return outlet_named(typed, _kind_by_name(typed), actor=setting.actor, now=setting.now).id


class _NoNames:
    def meant(self, what: str, typed: str) -> int | None:
        """Nothing was said."""
        return None


def _kind_by_name(name: str) -> OutletKind:
    """What a press agency publishes, as its name says; the register can be corrected."""
    folded = fold(name)
    for word, kind in (("tap chi", OutletKind.MAGAZINE), ("dien tu", OutletKind.ONLINE), ("online", OutletKind.ONLINE)):
        if word in folded:
            return kind
    if any(word in folded for word in ("truyen hinh", "vtv", "htv", "tv")):
        return OutletKind.TELEVISION
    if any(word in folded for word in ("dai ", "phat thanh", "voh", "vov")):
        return OutletKind.RADIO
    return OutletKind.ONLINE if "." in name else OutletKind.PRINT


@dataclass(frozen=True)
class _Standing:
    """What the lines of a batch are compared with."""

    of_row: Mapping[int, int]  # row → the case it is
    cases: Mapping[int, sa.Row]
    questions: Mapping[int, tuple[str, ...]]


class LedgerSession:
    """One pass; remembers numbers and lines of the file it has seen, by their row."""

    def __init__(self, setting: Setting) -> None:
        self._setting, actor = setting, setting.actor
        self._agency_id: int = actor.agency_id
        self._steers = actor.agency.kind.sees_whole_province
        self._outlets, self._agencies = known_outlets(setting.names), known_agencies(setting.names)
        self._reader = LedgerReader(Words(), self._outlets, self._agencies, setting.now)
        self._ground = Ground()
        self._row_of_number: dict[tuple[int, str], int] = {}
        self._row_of_likeness: dict[str, list[int]] = {}
        self._claimed: dict[int, int] = {}  # case → the row that is it
        self._taking = Taking(actor, setting.now, setting.file_name, self._ground)

    # --- judging ---

    def judge(self, rows: Sequence[Given]) -> list[Judged]:
        """What each line would do; see rules.Session."""
        read = [self._reader.read(row) for row in rows]
        for row in read:
            if row.case is not None:
                self._look_at(row)
        standing = self._standing([row for row in read if row.case is not None])
        return [self._judged(row, standing) for row in read]

    def _look_at(self, row: ReadRow) -> None:
        """Who leads, whether somebody answers for it, whether its clock can be counted."""
        case = row.case
        assert case is not None
        if case.lead_id is None and (case.outcome in (Outcome.ANSWERED, Outcome.REFUSED) or not self._steers):
            if self._steers:
                row.doubts.append(Reason(NO_LEAD, "lead"))
            case = replace(case, lead_id=self._agency_id)
        if case.lead_id is not None:
            name = {"agency": self._agencies.by_id.get(case.lead_id, "")}
            if case.lead_id != self._agency_id and not self._steers:
                row.wrong.append(Reason(OTHER_LEADS, "lead", name))
            elif self._ground.head_at(case.lead_id, case.finished_at or self._setting.now) is None:
                row.wrong.append(Reason(NO_HEAD, "lead", name))
        try:
            self._ground.clock(case, self._agency_id)
        except BadInput as refusal:
            row.wrong.append(Reason(refusal.message, "received", refusal.params))
        row.case = case

    def _standing(self, rows: Sequence[ReadRow]) -> _Standing:
        """The cases these lines are: by our own number, by the ledger's number, else by day, outlet and subject."""
        cases = {row.given.number: row.case for row in rows if row.case is not None}
        own = {number: _own(case) for number, case in cases.items()}
        numbered = queries.numbered_here({place for place in own.values() if place}, self._setting.actor)
        of_row = {row: numbered[place] for row, place in own.items() if place and place in numbered}
        keys = {row: (case.year, case.number_key) for row, case in cases.items() if row not in of_row and case.number}
        lines = queries.ledger_lines_numbered(self._agency_id, set(keys.values()))
        of_row |= {row: lines[key] for row, key in keys.items() if key in lines}
        bare = {row: case.likeness for row, case in cases.items() if row not in of_row and not case.number}
        like = queries.ledger_lines_like(self._agency_id, set(bare.values()))
        for row, likeness in sorted(bare.items()):
            free = next((one for one in like.get(likeness, ()) if self._claimed.get(one, row) == row), None)
            if free is not None:
                self._claimed[free] = row
                of_row[row] = free
        ids = set(of_row.values())
        self._doubt_those_logged_here([row for row in rows if row.given.number not in of_row])
        return _Standing(of_row, queries.cases_to_compare(ids), queries.questions_of(ids))

    def _doubt_those_logged_here(self, rows: Sequence[ReadRow]) -> None:
        """A line may be a case that somebody logged here at the time."""
        cases = [row.case for row in rows if row.case is not None]
        if not cases:
            return
        first, last = min(one.received_at for one in cases), max(one.received_at for one in cases)
        outlets = {one.outlet_id for one in cases}
        here = queries.received_within(first - ONE_DAY, last + ONE_DAY, outlets, self._setting.actor)
        codes = {
            likeness_of(office_day(one.received_at), one.outlet_id, one.subject): write_number(one.year, one.number)
            for one in here
        }
        for row in rows:
            if row.case is not None and row.case.likeness in codes:
                row.doubts.append(Reason(LOGGED_HERE, "subject", {"code": codes[row.case.likeness]}))

    def _judged(self, row: ReadRow, standing: _Standing) -> Judged:
        case = row.case
        if case is None:
            return judged(row.given, wrong=row.wrong, doubts=row.doubts)
        self._repeated(row, case)
        case_id = standing.of_row.get(case.row)
        if case_id is None:
            return judged(row.given, wrong=row.wrong, doubts=row.doubts, data=case)
        stored = standing.cases[case_id]
        compared = Compared(row.given, case, stored, standing.questions.get(case_id, ()), self._agencies.by_id)
        changes = compared.changes()
        if changes and not row.wrong and stored.line_version != stored.version:
            names = ", ".join(str(column.label) for column in COLUMNS if column.key in changes)
            params = {"code": write_number(stored.year, stored.number), "columns": names}
            row.wrong.append(Reason(KEPT_HERE, params=params))
        return judged(
            row.given,
            wrong=row.wrong,
            doubts=row.doubts,
            subject_id=case_id,
            changes=changes,
            data=compared.merged(),
        )

    def _repeated(self, row: ReadRow, case: LedgerCase) -> None:
        if case.number:
            first = self._row_of_number.setdefault((case.year, case.number_key), case.row)
            if first != case.row:
                row.wrong.append(Reason(REPEATED_NUMBER, "number", {"row": first}))
            return
        seen = self._row_of_likeness.setdefault(case.likeness, [])
        if case.row not in seen:
            seen.append(case.row)
        if seen[0] != case.row:
            row.doubts.append(Reason(REPEATED_ROW, "subject", {"row": seen[0]}))

    # --- writing ---

    def lock(self, rows: Sequence[Judged]) -> None:
        """Lock the cases that lines change."""
        lock_cases(row.subject_id for row in rows if row.subject_id is not None and row.changes)

    def write(self, rows: Sequence[Judged]) -> None:
        """Take the new lines over, and bring the changed ones up to the ledger."""
        new = [row for row in rows if row.subject_id is None]
        for row in rows:
            if row.subject_id is not None and row.changes:
                bring_up(row.subject_id, row.data, row.changes, self._taking)
        ids = take_over([row.data for row in new], self._taking)
        self._claimed |= {case_id: row.number for case_id, row in zip(ids, new, strict=True)}


def _own(case: LedgerCase) -> tuple[int, int] | None:
    typed = own_number(case.number)
    return (typed.year, typed.number) if typed and typed.year else None

"""Read a file, judge its rows, write those that were confirmed: at once, or many thousands in the background.

Every few hundred rows are one transaction, so that others work on meanwhile; an import that is broken off is begun
anew and goes on where it stopped, because a row that is written already changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import take_turn
from pr_tracker.audit.queries import chain_end
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.imports import actions, queries
from pr_tracker.imports.models import Import
from pr_tracker.imports.rules import (
    BATCH,
    MOST_ROWS,
    SMALL,
    Given,
    ImportState,
    Judged,
    LocksFirst,
    Session,
    Setting,
    Target,
    Verdict,
    find_head,
    heads_of_two_lines,
    match_columns,
    missing_columns,
    with_cell_doubts,
)
from pr_tracker.imports.targets import get_target
from pr_tracker.imports.targets.words import known_heads
from pr_tracker.runs.rules import Cancelled, Running
from pr_tracker.tables import Row, Table, read_table
from pr_tracker.web.files import upload_folder

LEAST_NUMBERED = 4  # columns that a line of numbers has at least
AMONG = 30  # the row of heads stands among the first
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Nobody is told how far it is."""


def folder() -> Path:
    """Where the files lie while they are looked at."""
    return upload_folder() / "imports"


def table_of(one: Import) -> Table:
    """The table of an import's file. Raises BadInput for what is none."""
    return read_table(one.file_name, _path(one), sheet=one.sheet or None)


def _path(one: Import) -> Path:
    """Where the file lies. Raises StepNotAllowed for an import that is over, NotFound for a file that is gone."""
    actions.require_open(one)
    path = folder() / str(one.stored_name)
    if not path.is_file():
        raise NotFound(N_("This file is on record but not in the store. Tell an administrator."))
    return path


def look(one: Import, *, sheet: str | None = None, head_row: int | None = None) -> bool:
    """Find the sheet, the heads and the columns, remembered ones first; True when every needed column is known.

    Raises BadInput for what is no table, or has too many rows.
    """
    table = read_table(one.file_name, _path(one), sheet=sheet)
    target = get_target(one.kind)
    number, heads, columns = columns_of(table, target, one.agency_id, head_row=head_row)
    sheets = [each.name for each in table.sheets if not each.hidden]
    plain = table.encoding == "utf-8" and not table.separator  # a workbook in Unicode: nothing to say
    about = "" if plain else ", ".join(filter(None, (table.encoding, _separator(table.separator))))
    actions.describe(one, sheets=sheets, sheet=table.sheet, about=about, head_row=number, heads=heads)
    one.columns = columns
    one.rows = sum(1 for _row in islice((row for row in table.rows if row.number > number), MOST_ROWS + 1))
    require_few_enough(one.rows)
    return bool(number) and not missing_columns(columns, target.columns)


def columns_of(
    table: Table, target: Target, agency_id: int, *, head_row: int | None = None
) -> tuple[int, list[str], dict[str, int]]:
    """The row of heads (0: none was found), the heads, and which column is what: as the agency said, or as known."""
    known = known_heads(target.columns)
    first = [(row.number, [cell.text for cell in row.cells]) for row in islice(table.rows, AMONG)]
    number, heads = _heads(first, head_row or find_head(first, target.columns, known), known)
    columns = queries.remembered_columns(agency_id, target.code, heads) or match_columns(heads, known)
    return number, heads, columns


def _heads(first: Sequence[tuple[int, list[str]]], number: int, known: Mapping[str, str]) -> tuple[int, list[str]]:
    """The row of heads and what it says; the second of two, where they stand in two."""
    lines = dict(first)
    for upper in (number - 1, number):
        if upper in lines and upper + 1 in lines:
            heads = heads_of_two_lines(lines[upper], lines[upper + 1], known)
            if heads is not None:
                return upper + 1, heads
    return number, lines.get(number, [])


def _separator(sign: str) -> str:
    return {"\t": "tab", "": ""}.get(sign, sign)


def require_few_enough(count: int) -> None:
    """Raises BadInput for an empty list or one that is too long."""
    if count == 0:
        raise BadInput(N_("The file has no row below its heads."), field="file")
    if count > MOST_ROWS:
        raise BadInput(N_("At most %(most)s rows at once: divide the file."), field="file", most=f"{MOST_ROWS:,}")


def judge(import_id: int, *, actor: Person, now: datetime, progress: Progress = silent) -> None:
    """Give every row its verdict; commits as it goes. Raises BadInput for what cannot be read."""
    start_writing()
    one = queries.get_import(import_id, to_change=True)
    actions.begin_judging(one)
    count, target, table = one.rows, get_target(one.kind), table_of(one)
    places, head_row = dict(one.columns), one.head_row or 0
    session = target.begin(setting_of(one, actor, now))
    db.session.commit()
    counts: Counter[str] = Counter()
    unknown = Unknown()
    done = 0
    for rows in batches(table, head_row, needed=needed_places(places, target)):
        progress(done, count)
        start_writing()
        verdicts = judged_rows(session, rows, places)
        actions.keep_judged(import_id, list(zip(verdicts, map(_texts, rows), strict=True)))
        db.session.commit()
        counts.update(each.verdict.value for each in verdicts)
        unknown.add(verdicts)
        done += len(rows)
    start_writing()
    actions.end_judging(queries.get_import(import_id, to_change=True), counts, unknown.found(), now=now)
    db.session.commit()


def look_and_judge(one: Import, *, actor: Person, now: datetime, sheet: str | None = None) -> int:
    """Read a file that was just kept and give every row its verdict; returns the import's number. Commits."""
    look(one, sheet=sheet)
    db.session.commit()
    import_id = one.id
    judge(import_id, actor=actor, now=now)
    return import_id


def write(import_id: int, *, actor: Person, now: datetime, progress: Progress = silent) -> bool:
    """Write the confirmed rows; False when it was stopped half-way. A small import is written whole or not at all."""
    start_writing()
    one = queries.get_import(import_id, to_change=True)
    if one.state is not ImportState.WRITING:
        return True
    places, head_row, table = dict(one.columns), one.head_row or 0, table_of(one)
    chosen = {Verdict(code) for code in one.chosen}
    target = get_target(one.kind)
    session, needed = target.begin(setting_of(one, actor, now)), needed_places(places, target)
    total = sum(one.counts.values())
    whole, stopped, done = total <= SMALL, False, 0
    if not whole:
        db.session.commit()
    for rows in batches(table, head_row, SMALL if whole else BATCH, needed=needed):
        try:
            progress(done, total)
        except Cancelled:
            stopped = True
            break
        if not whole:
            start_writing()
        _write_some(session, import_id, rows, places, chosen)
        if not whole:
            db.session.commit()
        done += len(rows)
    if not whole:
        start_writing()
    one = queries.get_import(import_id, to_change=True)
    actions.finish(one, queries.count_written(import_id), stopped=stopped, actor=actor, now=now)
    db.session.commit()
    return not stopped


def _write_some(
    session: Session, import_id: int, rows: Sequence[Row], places: dict[str, int], chosen: set[Verdict]
) -> None:
    """Write those of these rows that were confirmed and still are what the preview said."""
    shown = queries.verdicts_of(import_id, rows[0].number, rows[-1].number)
    if isinstance(session, LocksFirst):
        last = _last_act()
        verdicts = judged_rows(session, rows, places)
        session.lock(verdicts)
        take_turn()
        verdicts = verdicts if last == _last_act() else judged_rows(session, rows, places)
    else:
        take_turn()
        verdicts = judged_rows(session, rows, places)
    confirmed = [one for one in verdicts if shown.get(one.number) in chosen and one.verdict in chosen]
    if confirmed:
        session.write(confirmed)
        actions.mark_written(import_id, [one.number for one in confirmed])
    became = [one for one in verdicts if shown.get(one.number) in chosen and one.verdict not in chosen]
    actions.note_verdicts(import_id, [one for one in became if one.verdict is not Verdict.UNCHANGED])


def _last_act() -> int:
    """The number of the newest entry of the audit log: the same again, and nobody wrote anything meanwhile."""
    head = chain_end()
    return head.last_number if head else 0


def batches(table: Table, head_row: int, size: int = BATCH, *, needed: Collection[int] = ()) -> Iterator[list[Row]]:
    """The rows below the heads, a few hundred at a time, without remarks below the table.

    Nor with the line that numbers the columns ("(1)", "(2)" …). A remark ("Tổng cộng", how it was counted) fills one
    cell only, in a column that is not among the `needed` ones.
    """
    rows = (row for row in table.rows if row.number > head_row and not _is_remark(row, needed))
    while some := list(islice(rows, size)):
        yield some


def _is_remark(row: Row, needed: Collection[int]) -> bool:
    filled = [place for place, cell in enumerate(row.cells) if cell.text]
    numbered = [str(at) for at in range(1, len(filled) + 1)] if len(filled) >= LEAST_NUMBERED else None
    if [row.cells[place].text.strip("() ") for place in filled] == numbered:
        return True
    return len(filled) == 1 and bool(needed) and filled[0] not in needed


def needed_places(places: Mapping[str, int], target: Target) -> set[int]:
    """Where the columns stand that every row needs."""
    return {places[column.key] for column in target.columns if column.required and column.key in places}


def judged_rows(session: Session, rows: Sequence[Row], places: dict[str, int]) -> list[Judged]:
    """The verdicts on rows as the file has them."""
    given = [given_of(row, places) for row in rows]
    return [with_cell_doubts(row, verdict) for row, verdict in zip(given, session.judge(given), strict=True)]


def given_of(row: Row, places: dict[str, int]) -> Given:
    """A row by the names of its columns."""
    return Given(row.number, {key: row.at(place) for key, place in places.items()}, row.hidden)


def _texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def setting_of(one: Import, actor: Person, now: datetime) -> Setting:
    """In whose name a file is taken in."""
    names = queries.RememberedNames(one.agency_id)
    return Setting(actor, now, names, one.file_name, one.about_id)


class Unknown:
    """The names of a file that are not on record, each with how many rows use it and what it may mean."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self, verdicts: Sequence[Judged]) -> None:
        """Count those of these rows."""
        for verdict in verdicts:
            for reason in verdict.reasons:
                if reason.what:
                    key = (reason.what, reason.typed)
                    self._counts[key] += 1
                    self._first.setdefault(
                        key, {"what": reason.what, "typed": reason.typed, "suggestions": list(reason.suggestions)}
                    )

    def found(self) -> list[dict[str, Any]]:
        """The most used first."""
        return [{**self._first[key], "count": count} for key, count in self._counts.most_common()]


# --- in the background ---------------------------------------------------------------------------------------


def judge_run(running: Running) -> None:
    """The work of a run: the preview of a long list."""
    import_id = int(running.asked["import_id"])
    running.lead_to(f"/imports/{import_id}")
    judge(import_id, actor=running.actor, now=running.now, progress=running.progress)


def write_run(running: Running) -> None:
    """The work of a run: a long list is written; stopped, it keeps what is written."""
    import_id = int(running.asked["import_id"])
    running.lead_to(f"/imports/{import_id}")
    write(import_id, actor=running.actor, now=running.now, progress=running.progress)


def remove_old(now: datetime) -> int:
    """Take away the files and rows of more than a week ago; returns of how many imports. Commits."""
    old = queries.imports_too_old(now - actions.KEPT)
    for one in old:
        actions.forget(one, folder=folder())
        if one.state in (ImportState.UPLOADED, ImportState.JUDGING, ImportState.JUDGED):
            one.state = ImportState.DROPPED
    count = len(old)
    db.session.commit()
    return count


def target_of(one: Import) -> Target:
    """The kind of list an import is."""
    return get_target(one.kind)


def put_back(import_id: int) -> None:
    """Writing was refused as a whole: the preview stands again, to be looked at anew. Commits."""
    start_writing()
    one = queries.get_import(import_id, to_change=True)
    if one.state is ImportState.WRITING:
        one.state = ImportState.JUDGED
        one.version += 1
    db.session.commit()

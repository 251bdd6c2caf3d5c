"""Find imports, their rows, and what an agency said names and columns mean."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.imports.models import Import, ImportColumns, ImportName, ImportRow
from pr_tracker.imports.rules import Verdict, heads_digest
from pr_tracker.runs.queries import asked_of_unfinished
from pr_tracker.text import fold

PAGE = 50
REMOVED_AT_ONCE = 100


class RememberedNames:
    """What an agency's people said names mean; see rules.Names."""

    def __init__(self, agency_id: int) -> None:
        query = sa.select(ImportName.what, ImportName.typed_key, ImportName.meant_id)
        rows = db.session.execute(query.where(ImportName.agency_id == agency_id))
        self._meant = {(row.what, row.typed_key): row.meant_id for row in rows}

    def meant(self, what: str, typed: str) -> int | None:
        """The id of what the name was said to mean."""
        return self._meant.get((what, fold(typed)[:300]))


def remembered_columns(agency_id: int, kind: str, heads: Sequence[str]) -> dict[str, int] | None:
    """The columns an agency named by hand for a file with these heads."""
    one = ImportColumns
    query = sa.select(one.columns).where(one.agency_id == agency_id, one.kind == kind)
    found = db.session.scalar(query.where(one.heads_digest == heads_digest(heads)))
    return dict(found) if found else None


def get_import(import_id: int, *, of: Person | None = None, to_change: bool = False) -> Import:
    """The import, its row locked when it is to be changed; `of`: only one of their agency. Raises NotFound."""
    query = sa.select(Import).where(Import.id == import_id)
    if of is not None:
        query = query.where(Import.agency_id == of.agency_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    one = db.session.scalar(query)
    if one is None:
        raise NotFound(N_("There is no such import, or it belongs to another agency."))
    return one


def is_under_way(import_id: int) -> bool:
    """Whether a run looks at its rows or writes them, or will."""
    return any(asked["import_id"] == import_id for asked in asked_of_unfinished(("imports.judge", "imports.write")))


def imports_of(agency_id: int, kinds: Sequence[str], before: int | None = None) -> tuple[Sequence[sa.Row], bool]:
    """An agency's imports of these kinds, the newest first, and whether there are older ones."""
    one = Import
    columns = (one.id, one.kind, one.file_name, one.state, one.counts, one.written, one.created_at, one.finished_at)
    query = sa.select(*columns, Person.full_name.label("by")).join(Person, Person.id == one.by_id)
    query = query.where(one.agency_id == agency_id, one.kind.in_(kinds))
    query = query if before is None else query.where(one.id < before)
    rows = db.session.execute(query.order_by(one.id.desc()).limit(PAGE + 1)).all()
    return rows[:PAGE], len(rows) > PAGE


def rows_page(import_id: int, verdict: Verdict | None, after: int = 0) -> tuple[Sequence[sa.Row], bool]:
    """Rows of the preview after a number, of one verdict or of all, and whether there are more."""
    one = ImportRow
    query = sa.select(one.number, one.verdict, one.reasons, one.changes, one.cells, one.subject_id, one.written)
    query = query.where(one.import_id == import_id, one.number > after)
    query = query if verdict is None else query.where(one.verdict == verdict)
    rows = db.session.execute(query.order_by(one.number).limit(PAGE + 1)).all()
    return rows[:PAGE], len(rows) > PAGE


def verdicts_of(import_id: int, first: int, last: int) -> dict[int, Verdict]:
    """What the preview said of these rows; those that are written already are left out."""
    one = ImportRow
    query = sa.select(one.number, one.verdict).where(one.import_id == import_id, one.number.between(first, last))
    return {row.number: row.verdict for row in db.session.execute(query.where(one.written.is_(False)))}


def count_written(import_id: int) -> int:
    """How many rows have been written."""
    one = ImportRow
    query = sa.select(sa.func.count()).where(one.import_id == import_id, one.written.is_(True))
    return db.session.scalar(query) or 0


def rows_left_out(import_id: int) -> sa.Result:
    """The rows that were rejected, or doubtful and not written, in their order, a few hundred at a time."""
    one = ImportRow
    query = sa.select(one.number, one.verdict, one.reasons, one.cells).where(one.import_id == import_id)
    left = sa.or_(one.verdict == Verdict.REJECTED, sa.and_(one.verdict == Verdict.DOUBTFUL, one.written.is_(False)))
    return db.session.execute(query.where(left).order_by(one.number).execution_options(yield_per=500))


def count_left_out(import_id: int) -> int:
    """How many rows rows_left_out() gives."""
    one = ImportRow
    left = sa.or_(one.verdict == Verdict.REJECTED, sa.and_(one.verdict == Verdict.DOUBTFUL, one.written.is_(False)))
    return db.session.scalar(sa.select(sa.func.count()).where(one.import_id == import_id, left)) or 0


def imports_too_old(before: datetime) -> Sequence[Import]:
    """Some imports whose file still lies there though it is older than that."""
    query = sa.select(Import).where(Import.stored_name.is_not(None), Import.created_at < before)
    return db.session.scalars(query.order_by(Import.id).limit(REMOVED_AT_ONCE).with_for_update()).all()

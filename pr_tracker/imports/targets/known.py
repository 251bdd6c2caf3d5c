"""Agencies and press agencies by the names that files use."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.db import db
from pr_tracker.errors import N_
from pr_tracker.imports.rules import Names, Reason, nearest
from pr_tracker.outlets.models import Outlet
from pr_tracker.text import fold

OUTLET, AGENCY = "outlet", "agency"
UNKNOWN_OUTLET = N_("There is no press agency “%(typed)s” on record.")
UNKNOWN_AGENCY = N_("There is no agency “%(typed)s” on record.")
_PREFIXES = ("bao dien tu ", "bao ", "dai ", "tap chi ", "kenh ", "trang ", "uy ban nhan dan ", "ubnd ")


class Known:
    """Names of one sort, each with the id it means; a name two things share means neither."""

    def __init__(self, what: str, unknown: str, rows: Sequence[tuple[int, Sequence[str]]], names: Names) -> None:
        self._what, self._unknown, self._names = what, unknown, names
        self.by_id = {row_id: called[0] for row_id, called in rows}
        meant: defaultdict[str, set[int]] = defaultdict(set)
        loosely: defaultdict[str, set[int]] = defaultdict(set)
        for row_id, called in rows:
            for name in called:
                meant[fold(name)].add(row_id)
                loosely[_bare(name)].add(row_id)
        self._meant = {key: ids.pop() for key, ids in meant.items() if key and len(ids) == 1}
        self._loosely = {key: ids.pop() for key, ids in loosely.items() if key and len(ids) == 1}
        self._told: dict[str, int | Reason] = {}

    def find(self, typed: str, column: str) -> int | Reason:
        """The id of a typed name, or why it is not known, with the names it may mean."""
        if typed not in self._told:
            self._told[typed] = self._find(typed, column)
        return self._told[typed]

    def _find(self, typed: str, column: str) -> int | Reason:
        said = self._names.meant(self._what, typed)
        found = said if said in self.by_id else None
        found = found or self._meant.get(fold(typed)) or self._loosely.get(_bare(typed))
        if found is not None:
            return found
        near = nearest(typed, self.by_id.values())
        return Reason(self._unknown, column, {"typed": typed[:80]}, self._what, typed[:200], near)


def _bare(name: str) -> str:
    """A name without what sort of press agency or body it is, and without signs."""
    folded = fold(name)
    for prefix in _PREFIXES:
        folded = folded.removeprefix(prefix)
    return "".join(c for c in folded if c.isalnum())


def known_outlets(names: Names) -> Known:
    """Every press agency, retired ones too: a ledger is about the past."""
    rows = db.session.execute(sa.select(Outlet.id, Outlet.name, Outlet.short_name).order_by(Outlet.sort_key, Outlet.id))
    return Known(OUTLET, UNKNOWN_OUTLET, [(row.id, (row.name, row.short_name)) for row in rows], names)


def known_agencies(names: Names) -> Known:
    """Every agency that is in use."""
    query = sa.select(Agency.id, Agency.name, Agency.short_name, Agency.code).where(Agency.active)
    rows = db.session.execute(query.order_by(Agency.sort_key, Agency.id))
    return Known(AGENCY, UNKNOWN_AGENCY, [(row.id, (row.name, row.short_name, row.code)) for row in rows], names)

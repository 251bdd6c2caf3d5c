"""Find press agencies and journalists: by id, by name, by the first letters typed without marks."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import OutletKind, outlet_key
from pr_tracker.text import fold, lower_nfc

PAGE = 50
MOST_SUGGESTED = 10
FEWEST_LETTERS = 2


@dataclass(frozen=True)
class Wanted:
    """What the list is asked for."""

    text: str = ""
    kind: OutletKind | None = None
    active: bool = True


@dataclass(frozen=True)
class Page:
    """One keyset page: its rows, how many match in all, and whether there are rows before and after."""

    rows: Sequence[sa.Row]
    total: int
    has_before: bool
    has_after: bool


def get_outlet(outlet_id: int) -> Outlet:
    """The agency. Raises NotFound."""
    outlet = db.session.get(Outlet, outlet_id)
    if outlet is None:
        raise NotFound(N_("There is no such press agency."))
    return outlet


def get_journalist(journalist_id: int) -> Journalist:
    """The journalist. Raises NotFound."""
    journalist = db.session.get(Journalist, journalist_id)
    if journalist is None:
        raise NotFound(N_("There is no such journalist."))
    return journalist


def find_outlet_named(name: str) -> Outlet | None:
    """The agency of this name, with or without marks, active or not."""
    return db.session.scalar(sa.select(Outlet).where(Outlet.name_key == outlet_key(name)))


def find_outlet_meant(chosen_id: int | None, typed: str) -> Outlet | None:
    """The agency chosen from the list, unless another name was typed afterwards; else the one of the typed name."""
    chosen = db.session.get(Outlet, chosen_id) if chosen_id else None
    if chosen is not None and outlet_key(chosen.name) == outlet_key(typed):
        return chosen
    return find_outlet_named(typed)


def journalists_named(name: str, outlet_id: int) -> list[Journalist]:
    """Journalists of an agency with exactly this name; for a name typed without marks, with the same letters."""
    query = sa.select(Journalist).where(Journalist.outlet_id == outlet_id).order_by(Journalist.active.desc())
    exact = list(db.session.scalars(query.where(Journalist.name_key == lower_nfc(name)).order_by(Journalist.id)))
    if exact or fold(name) != lower_nfc(name):
        return exact
    known = db.session.scalars(query.order_by(Journalist.id))
    return [journalist for journalist in known if fold(journalist.full_name) == fold(name)]


def find_holder_of_card(press_card: str) -> Journalist | None:
    """Whose press card this is."""
    if not press_card:
        return None
    return db.session.scalar(sa.select(Journalist).where(Journalist.press_card == press_card))


def suggested_outlets(typed: str) -> Sequence[sa.Row]:
    """Active agencies (id, name, short_name, kind) for two or more typed letters, best first."""
    if len(fold(typed)) < FEWEST_LETTERS:
        return []
    query = sa.select(Outlet.id, Outlet.name, Outlet.short_name, Outlet.kind).where(Outlet.active)
    return db.session.execute(_best_first(query, Outlet, typed)).all()


def suggested_journalists(typed: str, outlet_id: int | None = None) -> Sequence[sa.Row]:
    """Active journalists (id, full_name, press_card, outlet_name), best first; of one agency even before any letter."""
    if len(fold(typed)) < FEWEST_LETTERS and outlet_id is None:
        return []
    query = (
        sa.select(Journalist.id, Journalist.full_name, Journalist.press_card, Outlet.name.label("outlet_name"))
        .join(Journalist.outlet)
        .where(Journalist.active)
    )
    if outlet_id is not None:
        query = query.where(Journalist.outlet_id == outlet_id)
    return db.session.execute(_best_first(query, Journalist, typed)).all()


def outlets_page(wanted: Wanted, *, after: int | None = None, before: int | None = None) -> Page:
    """Agencies in alphabetical order with the number of their active journalists, after or before a given one."""
    narrowed = _narrowed(wanted)
    total = db.session.scalar(sa.select(sa.func.count(Outlet.id)).where(*narrowed)) or 0
    place = sa.tuple_(Outlet.sort_key, Outlet.id)
    if before is not None:
        query = _listed(narrowed).where(place < _place_of(before)).order_by(Outlet.sort_key.desc(), Outlet.id.desc())
    else:
        query = _listed(narrowed).order_by(Outlet.sort_key, Outlet.id)
        query = query if after is None else query.where(place > _place_of(after))
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if before is not None:
        return Page(rows[::-1], total, has_before=more, has_after=True)
    return Page(rows, total, has_before=after is not None, has_after=more)


def outlets_listed(wanted: Wanted) -> sa.Select:
    """The whole list in alphabetical order, with address and e-mail: for a table."""
    query = _listed(_narrowed(wanted)).add_columns(Outlet.address, Outlet.email)
    return query.order_by(Outlet.sort_key, Outlet.id)


def journalists_listed(text: str = "", outlet_id: int | None = None) -> sa.Select:
    """Journalists in use by given name, of one agency or all, with contacts and agency: for a table."""
    one = Journalist
    columns = (one.full_name, one.press_card, one.letter_number, one.letter_on, one.phone, one.email)
    query = sa.select(*columns, Outlet.name.label("outlet")).join(one.outlet).where(one.active)
    query = query.where(*(one.search_text.contains(word, autoescape=True) for word in fold(text).split()))
    if outlet_id is not None:
        query = query.where(one.outlet_id == outlet_id)
    return query.order_by(one.sort_key, one.id)


def journalists_of(outlet_id: int) -> Sequence[sa.Row]:
    """An agency's journalists by given name (id, full_name, press_card, letter_number, letter_on, active)."""
    one = Journalist
    columns = (one.id, one.full_name, one.press_card, one.letter_number, one.letter_on, one.active)
    query = sa.select(*columns).where(one.outlet_id == outlet_id).order_by(one.active.desc(), one.sort_key, one.id)
    return db.session.execute(query).all()


def _narrowed(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    words = [Outlet.search_text.contains(word, autoescape=True) for word in fold(wanted.text).split()]
    kind = [] if wanted.kind is None else [Outlet.kind == wanted.kind]
    return [Outlet.active == wanted.active, *kind, *words]


def _listed(narrowed: list[sa.ColumnElement[bool]]) -> sa.Select:
    of_outlet = sa.select(sa.func.count(Journalist.id)).where(Journalist.outlet_id == Outlet.id, Journalist.active)
    columns = (Outlet.id, Outlet.name, Outlet.short_name, Outlet.kind, Outlet.phone, Outlet.website, Outlet.active)
    return sa.select(*columns, of_outlet.scalar_subquery().label("journalists")).where(*narrowed)


def _place_of(outlet_id: int) -> sa.ScalarSelect:
    return sa.select(Outlet.sort_key, Outlet.id).where(Outlet.id == outlet_id).scalar_subquery()


def _best_first(query: sa.Select, model: type[Outlet] | type[Journalist], typed: str) -> sa.Select:
    """Each typed word must occur; words that begin with it rank first, then marks as typed."""
    folded, exact = fold(typed).split(), lower_nfc(typed).split()
    begins = sa.and_(True, *(_begins_a_word(model.search_text, word) for word in folded))
    marked = sa.and_(True, *(model.exact_text.contains(word, autoescape=True) for word in exact))
    occurs = [model.search_text.contains(word, autoescape=True) for word in folded]
    order = (sa.case((begins, 0), else_=1), sa.case((marked, 0), else_=1), model.sort_key, model.id)
    return query.where(*occurs).order_by(*order).limit(MOST_SUGGESTED)


def _begins_a_word(column: InstrumentedAttribute[str], word: str) -> sa.ColumnElement[bool]:
    return (sa.literal(" ") + column).contains(f" {word}", autoescape=True)

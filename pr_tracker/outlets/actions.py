"""Keep the press register: add, change, retire; find or make a name typed while an inquiry is logged.

Every act first takes the audit log's turn, so that looking for a name and adding it cannot be parted by another writer.
Who holds other locks (a number counter) must have taken them before.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile
from pr_tracker.outlets import queries
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import (
    LONGEST_CARD,
    LONGEST_JOURNALIST,
    LONGEST_NAME,
    LONGEST_PHONE,
    JournalistFacts,
    OutletEvent,
    OutletFacts,
    OutletKind,
    outlet_key,
    require_at_most,
    require_fitting,
)
from pr_tracker.text import fold, lower_nfc, name_sort_key, nfc, sort_key

Event = OutletEvent


def outlet_named(name: str, kind: OutletKind, *, actor: Actor | None, now: datetime) -> Outlet:
    """The agency of this name, with or without marks, else a new one; a retired one is in use again."""
    name = require_fitting(_tidy(name), LONGEST_NAME, field="outlet")
    known = queries.find_outlet_named(name)
    if known is None:
        take_turn()
        known = queries.find_outlet_named(name)
    if known is None:
        return add_outlet(OutletFacts(name=name, kind=kind), actor=actor, now=now)
    if not known.active:
        set_outlet_active(known, True, actor=actor, now=now)
    return known


def journalist_named(
    name: str,
    outlet: Outlet,
    *,
    card: str | None = None,
    phone: str | None = None,
    actor: Actor | None,
    now: datetime,
) -> Journalist:
    """The agency's journalist of this name (and press card, if given), else a new one.

    The holder of the card under the same name has moved to this agency. Raises BadInput for somebody else's card.
    """
    name = require_fitting(_tidy(name), LONGEST_JOURNALIST, field="journalist")
    card = require_at_most(_tidy(card or ""), LONGEST_CARD, field="card")
    phone = require_at_most(_tidy(phone or ""), LONGEST_PHONE, field="phone")
    take_turn()
    known = _known_journalist(name, outlet, card)
    if known is None:
        facts = JournalistFacts(full_name=name, outlet_id=outlet.id, press_card=card, phone=phone)
        return add_journalist(facts, actor=actor, now=now)
    if not known.active:
        set_journalist_active(known, True, actor=actor, now=now)
    facts = replace(
        facts_of_journalist(known),
        outlet_id=outlet.id,
        press_card=card or known.press_card,
        phone=phone or known.phone,
    )
    change_journalist(known, facts, version=known.version, actor=actor, now=now)
    return known


def add_outlet(facts: OutletFacts, *, actor: Actor | None, now: datetime) -> Outlet:
    """A new agency. Raises BadInput when its name is already in the register."""
    take_turn()
    _require_free_name(facts.name, None)
    outlet = Outlet(created_at=now, version=1)
    _write_outlet(outlet, facts)
    db.session.add(outlet)
    record(Event.OUTLET_ADD, outlet, actor=actor, now=now, name=outlet.name, kind=outlet.kind)
    return outlet


def change_outlet(outlet: Outlet, facts: OutletFacts, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Correct an agency. Raises ChangedMeanwhile unless `version` is the latest, BadInput for a name that is taken."""
    changed = _begin_change(outlet, facts, version)
    if not changed:
        return
    _require_free_name(facts.name, outlet)
    former = outlet.name
    _write_outlet(outlet, facts)
    record(Event.OUTLET_CHANGE, outlet, actor=actor, now=now, changed=changed, former_name=former, name=outlet.name)


def set_outlet_active(outlet: Outlet, active: bool, *, actor: Actor | None, now: datetime) -> None:
    """Retire an agency that no longer exists, or put it in use again; what it asked stays."""
    take_turn()
    db.session.refresh(outlet)
    if outlet.active == active:
        return
    outlet.active = active
    outlet.version += 1
    event = Event.OUTLET_RESTORE if active else Event.OUTLET_RETIRE
    record(event, outlet, actor=actor, now=now, name=outlet.name)


def add_journalist(facts: JournalistFacts, *, actor: Actor | None, now: datetime) -> Journalist:
    """A new journalist. Raises BadInput when the register already has the card, or the name without another card."""
    take_turn()
    _require_free_identity(facts, None)
    journalist = Journalist(created_at=now, version=1)
    _write_journalist(journalist, facts)
    db.session.add(journalist)
    record(Event.JOURNALIST_ADD, journalist, actor=actor, now=now, outlet_id=facts.outlet_id)
    return journalist


def change_journalist(
    journalist: Journalist, facts: JournalistFacts, *, version: int, actor: Actor | None, now: datetime
) -> None:
    """Correct a journalist's facts, or move them to another agency. Raises ChangedMeanwhile or BadInput."""
    changed = _begin_change(journalist, facts, version)
    if not changed:
        return
    _require_free_identity(facts, journalist)
    _write_journalist(journalist, facts)
    record(Event.JOURNALIST_CHANGE, journalist, actor=actor, now=now, changed=changed, outlet_id=facts.outlet_id)


def set_journalist_active(journalist: Journalist, active: bool, *, actor: Actor | None, now: datetime) -> None:
    """Retire a journalist, which erases phone and e-mail: nobody needs them any more; or put them in use again."""
    take_turn()
    db.session.refresh(journalist)
    if journalist.active == active:
        return
    journalist.active = active
    journalist.version += 1
    if not active:
        journalist.phone = journalist.email = ""
    event = Event.JOURNALIST_RESTORE if active else Event.JOURNALIST_RETIRE
    record(event, journalist, actor=actor, now=now)


def note_reading(journalist: Journalist, *, actor: Actor, now: datetime) -> None:
    """Keep in the audit log who opened a journalist's contacts (Law 91/2025/QH15)."""
    record(Event.JOURNALIST_READ, journalist, actor=actor, now=now)


def facts_of_journalist(journalist: Journalist) -> JournalistFacts:
    """What is kept now, as facts."""
    return JournalistFacts(**{name: getattr(journalist, name) for name in JournalistFacts.__dataclass_fields__})


def _tidy(value: str) -> str:
    return " ".join(nfc(value).replace("\x00", "").split())


def _begin_change(row: Outlet | Journalist, facts: OutletFacts | JournalistFacts, version: int) -> list[str]:
    """The names of the facts that differ; nobody else writes from here to the end of the transaction."""
    take_turn()
    db.session.refresh(row)
    if row.version != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))
    return [name for name, value in vars(facts).items() if getattr(row, name) != value]


def _write_outlet(outlet: Outlet, facts: OutletFacts) -> None:
    _write(outlet, facts)
    outlet.name_key = outlet_key(facts.name)
    outlet.sort_key = sort_key(facts.name)
    outlet.search_text = fold(f"{facts.name} {facts.short_name}")
    outlet.exact_text = lower_nfc(f"{facts.name} {facts.short_name}")


def _write_journalist(journalist: Journalist, facts: JournalistFacts) -> None:
    _write(journalist, facts)
    journalist.name_key = lower_nfc(facts.full_name)
    journalist.sort_key = name_sort_key(facts.full_name)
    journalist.search_text = fold(f"{facts.full_name} {facts.press_card}")
    journalist.exact_text = lower_nfc(f"{facts.full_name} {facts.press_card}")


def _write(row: Any, facts: OutletFacts | JournalistFacts) -> None:
    for name, value in vars(facts).items():
        setattr(row, name, value)
    if row.id is not None:
        row.version += 1


def _require_free_name(name: str, own: Outlet | None) -> None:
    other = queries.find_outlet_named(name)
    if other is not None and other is not own:
        raise BadInput(N_("“%(name)s” is already in the register."), field="name", name=other.name)


def _require_free_identity(facts: JournalistFacts, own: Journalist | None) -> None:
    holder = queries.find_holder_of_card(facts.press_card)
    if holder is not None and holder is not own:
        message = N_("This press card is on record for %(name)s, %(outlet)s.")
        raise BadInput(message, field="press_card", name=holder.full_name, outlet=holder.outlet.name)
    for other in queries.journalists_named(facts.full_name, facts.outlet_id):
        same_name = other.name_key == lower_nfc(facts.full_name) and other.press_card == facts.press_card
        if same_name and other is not own:
            message = N_("%(name)s is already on record there. If this is another person, give the press card number.")
            raise BadInput(message, field="full_name", name=other.full_name)


def _known_journalist(name: str, outlet: Outlet, card: str) -> Journalist | None:
    holder = queries.find_holder_of_card(card)
    if holder is not None:
        if fold(holder.full_name) == fold(name):
            return holder
        message = N_("This press card is on record for %(name)s, %(outlet)s.")
        raise BadInput(message, field="card", name=holder.full_name, outlet=holder.outlet.name)
    of_name = queries.journalists_named(name, outlet.id)
    if card:
        of_name = [journalist for journalist in of_name if not journalist.press_card]
    return of_name[0] if of_name else None

"""Who asks and when, for statements that are built once: it takes longer to build one than to ask it.

Such a statement is kept by the reader's seat; the reader and the moment are given with it: :reader, :agency, :now,
:today.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AgencyKind, sees_all
from pr_tracker.db import UTCDateTime
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission, Role, granted

NOW: Any = sa.bindparam("now", type_=UTCDateTime())
TODAY: Any = sa.bindparam("today", type_=sa.Date())


@dataclass(frozen=True)
class Seat:
    """What of a reader shapes a statement: every person with these roles in an agency of this kind asks by the same."""

    roles: frozenset[Role]
    kind: AgencyKind
    id: ClassVar[Any] = sa.bindparam("reader", type_=sa.Integer())
    agency_id: ClassVar[Any] = sa.bindparam("agency", type_=sa.Integer())

    def may(self, permission: Permission) -> bool:
        """As of a person."""
        return permission in granted(self.roles)

    @property
    def sees_all(self) -> bool:
        """As of a person."""
        return sees_all(self.roles, self.kind)


Asking = Person | Seat


def seat_of(actor: Asking) -> Seat:
    """Where a reader sits."""
    return actor if isinstance(actor, Seat) else Seat(frozenset(actor.roles), actor.agency.kind)


def asked_by(actor: Person, now: datetime) -> dict[str, Any]:
    """What goes with a statement that was built for the reader's seat."""
    return {"reader": actor.id, "agency": actor.agency_id, "now": now, "today": office_day(now)}

"""Who sits where, to be told: the people at the desks of agencies, of the provincial office, of UBND tỉnh."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.deadlines.rules_ladder import Rung
from pr_tracker.permissions import Role


@dataclass
class Desk:
    """The active people of one agency: its head, its leaders (the head among them), its staff."""

    kind: AgencyKind
    head: int | None = None
    leaders: set[int] = field(default_factory=set)
    staff: set[int] = field(default_factory=set)

    @property
    def people(self) -> set[int]:
        """Everybody who sits here."""
        return self.leaders | self.staff

    @property
    def workers(self) -> set[int]:
        """Whoever does the work: the staff, its leaders where it has none."""
        return self.staff or self.leaders

    @property
    def chiefs(self) -> set[int]:
        """Who answers for the agency: its head, all leaders where no head is on record."""
        return {self.head} if self.head is not None else self.leaders


@dataclass(frozen=True)
class Desks:
    """The desks of agencies, by id."""

    by_agency: dict[int, Desk]

    def of(self, agency_id: int | None) -> Desk:
        """An agency's desk; an empty one where nobody active sits there."""
        return self.by_agency.get(agency_id or 0) or Desk(AgencyKind.DEPARTMENT)

    def chiefs_of(self, kind: AgencyKind) -> set[int]:
        """The heads of all agencies of a kind: the provincial office, the province itself."""
        return {person for desk in self.by_agency.values() if desk.kind is kind for person in desk.chiefs}

    def leaders_of(self, kind: AgencyKind) -> set[int]:
        """The heads and deputies of all agencies of a kind."""
        return {person for desk in self.by_agency.values() if desk.kind is kind for person in desk.leaders}

    @property
    def of_province(self) -> set[int]:
        """Who follows every case: the people of UBND tỉnh and of the provincial office."""
        desks = (desk for desk in self.by_agency.values() if desk.kind.sees_whole_province)
        return {person for desk in desks for person in desk.people}


def desks(agency_ids: Iterable[int] | None = None) -> Desks:
    """The desks of these agencies, of all when none are named; in one statement."""
    query = (
        sa.select(Person.id, Person.agency_id, Agency.kind, Agency.head_id, PersonRole.role)
        .join(Agency, Agency.id == Person.agency_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.active, PersonRole.role.in_([Role.STAFF, Role.HEAD]))
    )
    if agency_ids is not None:
        query = query.where(Person.agency_id.in_(set(agency_ids)))
    found: dict[int, Desk] = {}
    for row in db.session.execute(query):
        desk = found.setdefault(row.agency_id, Desk(row.kind))
        (desk.leaders if row.role is Role.HEAD else desk.staff).add(row.id)
        if row.id == row.head_id:
            desk.head = row.id
    return Desks(found)


def told_on(rung: Rung, at: Desks, *, workers: set[int], chiefs: set[int]) -> set[int]:
    """Who is told on a rung: few people, others at each level (product.md, complaints)."""
    match rung:
        case Rung.LATE_1:
            return workers | chiefs
        case Rung.LATE_2:
            return at.chiefs_of(AgencyKind.PROVINCE_OFFICE)
        case Rung.LATE_3:
            return at.chiefs_of(AgencyKind.PROVINCE)
        case _:
            return workers

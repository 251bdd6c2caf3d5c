"""Which heads, spokespersons and authorised persons of which agency hold which certificates, and when these lapse."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.certificates.queries import Held, courses_held
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.reports.rules_training import TRAINED, Cover, cover_of
from pr_tracker.spokespersons.queries_rights import rights_at
from pr_tracker.spokespersons.rules_authority import Right, RightKind
from pr_tracker.text import name_sort_key
from pr_tracker.trainings.models import Course


@dataclass(frozen=True)
class Speaker:
    """Somebody who may speak for an agency, by which rights, and the certificates held, newest first."""

    person_id: int | None  # None: typed into an old decision, without an account
    full_name: str
    title: str
    agency_id: int
    kinds: tuple[RightKind, ...]
    held: tuple[Held, ...]

    def cover(self, on: date) -> Cover:
        """Whether any course makes them trained on a day."""
        return cover_of((one.valid_until for one in self.held if one.issued_on <= on), on)

    def cover_in(self, course_id: int, on: date) -> Cover:
        """Whether a course makes them trained on a day."""
        return cover_of((one.valid_until for one in self.held if one.course_id == course_id), on)

    def certificate_of(self, course_id: int) -> Held | None:
        """Of several certificates of a course the one that counts longest."""
        own = [one for one in self.held if one.course_id == course_id]
        return max(own, key=lambda one: (one.valid_until or date.max, one.issued_on), default=None)

    @property
    def lasts_until(self) -> date | None:
        """The last day of the certificate that counts longest; None: for ever, or nothing is held."""
        last = [one.valid_until for one in self.held]
        return None if None in last else max((day for day in last if day), default=None)


@dataclass(frozen=True)
class AgencyCoverage:
    """An agency with those who may speak for it, the head first."""

    id: int
    name: str
    short_name: str
    kind: AgencyKind
    speakers: tuple[Speaker, ...]

    def in_course(self, course_id: int, on: date) -> int:
        """How many of its people a course makes trained on a day."""
        return sum(one.cover_in(course_id, on) in TRAINED for one in self.speakers)


@dataclass(frozen=True)
class Coverage:
    """Those who may speak, agency by agency, on a day; the courses of which anybody of them holds a certificate."""

    on: date
    agencies: tuple[AgencyCoverage, ...]
    courses: tuple[tuple[int, str], ...] = field(default=())

    @property
    def speakers(self) -> list[Speaker]:
        """One entry for each person and agency."""
        return [one for agency in self.agencies for one in agency.speakers]

    def counted(self, kind: RightKind | None = None) -> Counter[Cover]:
        """How many are trained, lapsed, never trained; of one right, or of all, each person of an agency once."""
        return count_covers((one for one in self.speakers if kind is None or kind in one.kinds), self.on)

    def trained_on(self, day: date) -> int:
        """How many of today's people held, or will still hold, a certificate that counts on a day."""
        return sum(one.cover(day) in TRAINED for one in self.speakers)


def count_covers(speakers: Iterable[Speaker], on: date) -> Counter[Cover]:
    """How many of these are in which state on a day."""
    return Counter(one.cover(on) for one in speakers)


def trained(covers: Counter[Cover]) -> int:
    """How many of these count as trained."""
    return sum(covers[cover] for cover in TRAINED)


def coverage(actor: Person | None, now: datetime, *, agency_id: int | None = None) -> Coverage:
    """Everybody who may speak for the agencies that the actor may look at, with their certificates as of now.

    Trainers, supervisors and the provincial office see the whole province, others their own agency; None is the system.
    """
    agencies = agencies_seen(actor)
    if agency_id is not None:
        agencies = [row for row in agencies if row.id == agency_id]
        if not agencies:
            raise NotFound(N_("There is no such agency."))
    rights = rights_at([row.id for row in agencies], None, now)
    held = courses_held(sorted({one.person_id for one in rights if one.person_id}), now)
    by_agency = _speakers(rights, held)
    found = tuple(
        AgencyCoverage(row.id, row.name, row.short_name, row.kind, tuple(by_agency[row.id]))
        for row in agencies
        if by_agency[row.id]
    )
    return Coverage(office_day(now), found, _courses(found))


def speakers_seen(actor: Person | None, now: datetime) -> list[Speaker]:
    """The same people without their certificates, for whoever asks for those of more people."""
    agencies = agencies_seen(actor)
    by_agency = _speakers(rights_at([row.id for row in agencies], None, now), {})
    return [one for row in agencies for one in by_agency[row.id]]


def agencies_seen(actor: Person | None) -> list[sa.Row]:
    """Agencies in use whose coverage the actor may look at: (id, name, short_name, kind), by kind and name."""
    query = sa.select(Agency.id, Agency.name, Agency.short_name, Agency.kind).where(Agency.active)
    if actor is not None and not sees_all_training(actor):
        query = query.where(Agency.id == actor.agency_id)
    kinds = list(AgencyKind)
    rows = db.session.execute(query.order_by(Agency.sort_key, Agency.id)).all()
    return sorted(rows, key=lambda row: kinds.index(row.kind))


def sees_all_training(actor: Person) -> bool:
    """Whether somebody sees who is trained in the whole province."""
    return actor.may(Permission.TRAINING_VIEW) or actor.sees_all


def _speakers(rights: Sequence[Right], held: Mapping[int, Sequence[Held]]) -> dict[int, list[Speaker]]:
    """By agency: one entry for each person, with every right; who has no account goes by the name."""
    together: dict[tuple[int, int | str], list[Right]] = defaultdict(list)
    for one in rights:
        together[one.agency_id, one.person_id or name_sort_key(one.full_name)].append(one)
    found: dict[int, list[Speaker]] = defaultdict(list)
    for (agency_id, _), own in together.items():
        first = own[0]
        certificates = tuple(held.get(first.person_id, ())) if first.person_id else ()
        kinds = tuple(dict.fromkeys(one.kind for one in own))
        found[agency_id].append(Speaker(first.person_id, first.full_name, first.title, agency_id, kinds, certificates))
    return found


def _courses(agencies: Iterable[AgencyCoverage]) -> tuple[tuple[int, str], ...]:
    """(id, title) of every course of which somebody holds a certificate, the latest year first."""
    ids = {held.course_id for agency in agencies for one in agency.speakers for held in one.held}
    query = sa.select(Course.id, Course.title).where(Course.id.in_(ids)).order_by(Course.year.desc(), Course.id.desc())
    return tuple((row.id, row.title) for row in db.session.execute(query)) if ids else ()

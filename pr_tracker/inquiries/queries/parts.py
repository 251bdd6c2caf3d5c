"""The boxes of coordinating agencies: what is asked, the versions a reader may see, what the answer took up, delays."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import DueTime
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.errors import N_, NotFound
from pr_tracker.files import KeptFile
from pr_tracker.inquiries.models import Draft, Inquiry, Participation
from pr_tracker.inquiries.models_parts import IS_CURRENT, Contribution, ContributionFile, DraftSource, PartRound
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_parts import BoxStanding, Lateness, Owed, PartOwed, whose_lateness
from pr_tracker.permissions import Role


def askable_agencies(inquiry: Inquiry) -> Sequence[sa.Row]:
    """Agencies in use that neither lead nor coordinate yet, by name."""
    taken = sa.exists().where(
        Participation.inquiry_id == inquiry.id,
        Participation.agency_id == Agency.id,
        Participation.part.in_([Part.LEAD, Part.COORDINATING]),
        Participation.ended_at.is_(None),
    )
    query = sa.select(Agency.id, Agency.name, Agency.kind).where(Agency.active, ~taken)
    return db.session.execute(query.order_by(Agency.sort_key, Agency.id)).all()


def get_part(inquiry: Inquiry, part_id: int) -> Participation:
    """A coordinating agency's part of this inquiry, also one that has ended. Raises NotFound."""
    part = db.session.get(Participation, part_id, options=[sa.orm.joinedload(Participation.agency)])
    if part is None or part.inquiry_id != inquiry.id or part.part is not Part.COORDINATING:
        raise NotFound(N_("There is no such part of this inquiry."))
    return part


def is_own_box(part: Participation, actor: Person) -> bool:
    """Whether the box is that of the actor's agency, and they work there."""
    return part.agency_id == actor.agency_id and bool({Role.STAFF, Role.HEAD} & actor.roles)


def box_standing(part: Participation, actor: Person, *, steers: bool = False) -> BoxStanding:
    """What a person is to a box. Words stay whose they are: saved again by a colleague they are still the author's."""
    if not is_own_box(part, actor):
        return BoxStanding(steers=steers)
    newest = newest_version(part)
    same = sa.exists().where(
        Contribution.participation_id == part.id,
        Contribution.author_id == actor.id,
        Contribution.text == (newest.text if newest else ""),
    )
    return BoxStanding(
        is_own=True,
        is_head=Role.HEAD in actor.roles,
        is_chief=part.agency.head_id == actor.id,
        wrote_text=newest is not None and bool(db.session.scalar(sa.select(same))),
        steers=steers,
    )


def newest_version(part: Participation) -> Contribution | None:
    """The newest version in a box, approved or not: only for its own agency."""
    query = sa.select(Contribution).where(Contribution.participation_id == part.id)
    return db.session.scalar(query.order_by(Contribution.number.desc()).limit(1))


def current_version(part: Participation) -> Contribution | None:
    """The version that is approved, and so sent."""
    return db.session.scalar(sa.select(Contribution).where(Contribution.participation_id == part.id, *IS_CURRENT))


def versions_of(part: Participation, *, own: bool) -> Sequence[Contribution]:
    """The versions in a box, the newest first; of another agency's box (`own` False) only what was approved."""
    query = (
        sa.select(Contribution)
        .where(Contribution.participation_id == part.id)
        .options(
            *(
                sa.orm.joinedload(person).lazyload(Person.role_rows)
                for person in (Contribution.author, Contribution.approved_by, Contribution.returned_by)
            ),
            sa.orm.selectinload(Contribution.files),
        )
        .order_by(Contribution.number.desc())
    )
    return db.session.scalars(query if own else query.where(Contribution.approved_at.is_not(None))).all()


def get_version(part: Participation, number: int, *, own: bool) -> Contribution:
    """One version; of another agency's box only an approved one. Raises NotFound."""
    query = sa.select(Contribution).where(Contribution.participation_id == part.id, Contribution.number == number)
    found = db.session.scalar(query)
    if found is None or not (own or found.approved_at):
        raise NotFound(N_("There is no version %(number)s of this part."), number=number)
    return found


def get_sent(inquiry: Inquiry, contribution_id: int) -> Contribution:
    """What an agency sent to this inquiry, in its newest approved version. Raises NotFound."""
    query = (
        sa.select(Contribution)
        .join(Participation, Participation.id == Contribution.participation_id)
        .where(Contribution.id == contribution_id, Participation.inquiry_id == inquiry.id, *IS_CURRENT)
        .options(sa.orm.joinedload(Contribution.participation).joinedload(Participation.agency))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("This part is not with the lead agency, or has been corrected since."))
    return found


def get_box_file(part: Participation, file_id: int, *, own: bool) -> KeptFile:
    """A file that goes with a version of a box; of another agency's box only with an approved one. Raises NotFound."""
    query = (
        sa.select(KeptFile)
        .join(ContributionFile, ContributionFile.file_id == KeptFile.id)
        .join(Contribution, Contribution.id == ContributionFile.contribution_id)
        .where(Contribution.participation_id == part.id, KeptFile.id == file_id)
    )
    found = db.session.scalar(query if own else query.where(Contribution.approved_at.is_not(None)))
    if found is None:
        raise NotFound(N_("There is no such file."))
    return found


def rounds_of(part: Participation) -> Sequence[sa.Row]:
    """Every time the agency was asked, the newest first; the newest one's due time and answer are the part's own."""
    back = sa.orm.aliased(Contribution)
    query = (
        sa.select(
            PartRound.number,
            PartRound.questions,
            PartRound.note,
            PartRound.asked_at,
            PartRound.due_on,
            PartRound.due_at,
            PartRound.ends_at,
            PartRound.answered_at,
            Person.full_name.label("asked_by"),
            Person.title,
            Agency.short_name.label("asked_for"),
            back.number.label("back_to"),
        )
        .join(Person, Person.id == PartRound.asked_by_id)
        .join(Agency, Agency.id == Person.agency_id)
        .outerjoin(back, back.id == PartRound.back_to_id)
        .where(PartRound.participation_id == part.id)
        .order_by(PartRound.number.desc())
    )
    return db.session.execute(query).all()


def last_round(part: Participation) -> PartRound:
    """The newest time the agency was asked."""
    query = sa.select(PartRound).where(PartRound.participation_id == part.id)
    found = db.session.scalar(query.order_by(PartRound.number.desc()).limit(1))
    assert found is not None  # whoever gave the part has asked
    return found


def sent_to(inquiry: Inquiry) -> Sequence[sa.Row]:
    """What agencies sent, in its newest approved version, with who approved it and where the answer took it up."""
    approver, used = sa.orm.aliased(Person), sa.orm.aliased(DraftSource)
    first_used = (
        sa.select(sa.func.max(Draft.number))
        .join(used, used.draft_id == Draft.id)
        .where(used.contribution_id == Contribution.id, used.dropped_from.is_(None))
        .correlate(Contribution)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Contribution.id,
            Contribution.participation_id,
            Contribution.number,
            Contribution.text,
            Contribution.digest,
            Contribution.approved_at,
            Contribution.approved_title,
            Contribution.alone,
            Contribution.from_before,
            approver.full_name.label("approved_by"),
            Agency.name.label("agency"),
            Participation.task,
            first_used.label("used_in"),
        )
        .join(Participation, Participation.id == Contribution.participation_id)
        .join(Agency, Agency.id == Participation.agency_id)
        .join(approver, approver.id == Contribution.approved_by_id)
        .where(Participation.inquiry_id == inquiry.id, Participation.part == Part.COORDINATING, *IS_CURRENT)
        .order_by(Contribution.approved_at, Contribution.id)
    )
    return db.session.execute(query).all()


def sources_of(inquiry: Inquiry, number: int) -> Sequence[sa.Row]:
    """Whose input a version of the answer took up, as it was then, and whether the agency corrected it since."""
    return db.session.execute(_sources_of(), {"inquiry": inquiry.id, "version": number}).all()


@cache
def _sources_of() -> Any:
    approver, newer = sa.orm.aliased(Person), sa.orm.aliased(Contribution)
    number: Any = sa.bindparam("version")
    corrected = (
        sa.select(sa.func.max(newer.number))
        .where(newer.participation_id == Contribution.participation_id, newer.approved_at.is_not(None))
        .where(newer.number > Contribution.number)
        .correlate(Contribution)
        .scalar_subquery()
    )
    return (
        sa.select(
            DraftSource.id,
            DraftSource.dropped_from,
            Draft.number.label("since"),
            Contribution.id.label("contribution_id"),
            Contribution.participation_id,
            Contribution.number,
            Contribution.digest,
            Contribution.approved_at,
            Contribution.approved_title,
            approver.full_name.label("approved_by"),
            Agency.name.label("agency"),
            corrected.label("corrected_in"),
        )
        .join(Draft, Draft.id == DraftSource.draft_id)
        .join(Contribution, Contribution.id == DraftSource.contribution_id)
        .join(Participation, Participation.id == Contribution.participation_id)
        .join(Agency, Agency.id == Participation.agency_id)
        .join(approver, approver.id == Contribution.approved_by_id)
        .where(Draft.inquiry_id == sa.bindparam("inquiry"), Draft.number <= number)
        .where(sa.or_(DraftSource.dropped_from.is_(None), DraftSource.dropped_from > number))
        .order_by(DraftSource.id)
    )


def get_source(inquiry: Inquiry, source_id: int) -> DraftSource:
    """A source that the answer still has. Raises NotFound."""
    query = (
        sa.select(DraftSource)
        .join(Draft, Draft.id == DraftSource.draft_id)
        .where(DraftSource.id == source_id, Draft.inquiry_id == inquiry.id, DraftSource.dropped_from.is_(None))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("The answer has no such source any more."))
    return found


def used_of(part: Participation) -> DraftSource | None:
    """The source of the answer that is a version of this box."""
    query = (
        sa.select(DraftSource)
        .join(Contribution, Contribution.id == DraftSource.contribution_id)
        .where(Contribution.participation_id == part.id, DraftSource.dropped_from.is_(None))
    )
    return db.session.scalar(query)


def late_parts_in(cases: sa.Select[Any], now: datetime) -> dict[int, list[PartOwed]]:
    """By inquiry of `cases` (a select of ids), the parts that are or were late, each with every time it was asked.

    For rules_parts.whose_lateness; one statement. What came in time, every time, is left out: it is nobody's delay.
    """
    return _owed(db.session.execute(_late_parts(Participation.inquiry_id.in_(cases)), {"parts_late_at": now}))


def _late_parts(of_cases: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Parts that are or were late, a row for each earlier time they were asked."""
    moment, part, earlier = sa.bindparam("parts_late_at", type_=Participation.ends_at.type), Participation, PartRound
    late = sa.func.coalesce(part.sent_at, moment) >= part.ends_at
    return (
        sa.select(part.inquiry_id, part.id, part.agency_id, part.ended_at)
        .add_columns(part.due_on, part.due_at, part.ends_at, part.sent_at, Agency.short_name.label("agency"))
        .add_columns(earlier.due_on.label("earlier_due_on"), earlier.due_at.label("earlier_due_at"))
        .add_columns(earlier.ends_at.label("earlier_ends_at"), earlier.answered_at)
        .join(Agency, Agency.id == part.agency_id)
        .outerjoin(earlier, sa.and_(earlier.participation_id == part.id, earlier.ends_at.is_not(None)))
        .where(of_cases, part.part == Part.COORDINATING, sa.or_(late, earlier.id.is_not(None)))
        .order_by(part.id, earlier.number)
    )


@cache
def _late_parts_of_case() -> sa.Select[Any]:
    return _late_parts(Participation.inquiry_id == sa.bindparam("inquiry"))


def _owed(rows: Iterable[sa.Row]) -> dict[int, list[PartOwed]]:
    found: dict[int, list[PartOwed]] = defaultdict(list)
    for _id, asked in groupby(rows, key=lambda row: row.id):
        *_, row = times = list(asked)
        before = [
            Owed(DueTime(one.earlier_due_on, one.earlier_due_at, one.earlier_ends_at), one.answered_at)
            for one in times
            if one.earlier_ends_at is not None
        ]
        newest = Owed(DueTime(row.due_on, row.due_at, row.ends_at), row.sent_at)
        part = PartOwed(row.id, row.agency_id, row.agency, (*before, newest), row.ended_at)
        found[row.inquiry_id].append(part)
    return found


def lateness_of(inquiry: Inquiry, now: datetime, calendar: WorkingCalendar | None = None) -> Lateness | None:
    """How late an inquiry is or was, and because of whom; None while it is not late."""
    if (inquiry.finished_at or now) < inquiry.ends_at:
        return None
    given = {"inquiry": inquiry.id, "parts_late_at": now}
    parts = _owed(db.session.execute(_late_parts_of_case(), given))[inquiry.id]
    return lateness_in(inquiry, parts, calendar or working_calendar(), now)


def lateness_in(case: Any, parts: Sequence[PartOwed], calendar: WorkingCalendar, now: datetime) -> Lateness | None:
    """The same of an inquiry or a row of one, with its late parts at hand."""
    owed = Owed(DueTime(case.due_on, case.due_at, case.ends_at), case.finished_at)
    return whose_lateness(owed, parts, lead_id=case.lead_agency_id, calendar=calendar, now=now)

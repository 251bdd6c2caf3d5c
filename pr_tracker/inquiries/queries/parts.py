"""The boxes of coordinating agencies: what is asked, the versions a reader may see, what the answer took up, delays."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
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
    approver, newer = sa.orm.aliased(Person), sa.orm.aliased(Contribution)
    corrected = (
        sa.select(sa.func.max(newer.number))
        .where(newer.participation_id == Contribution.participation_id, newer.approved_at.is_not(None))
        .where(newer.number > Contribution.number)
        .correlate(Contribution)
        .scalar_subquery()
    )
    query = (
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
        .where(Draft.inquiry_id == inquiry.id, Draft.number <= number)
        .where(sa.or_(DraftSource.dropped_from.is_(None), DraftSource.dropped_from > number))
        .order_by(DraftSource.id)
    )
    return db.session.execute(query).all()


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

    For rules_parts.whose_lateness; two statements. What came in time, every time, is left out: it is nobody's delay.
    """
    moment = sa.bindparam("parts_late_at", now, Participation.ends_at.type)
    asked_before = sa.exists().where(PartRound.participation_id == Participation.id, PartRound.ends_at.is_not(None))
    parts = (
        sa.select(Participation.inquiry_id, Participation.id, Participation.agency_id, Participation.ended_at)
        .add_columns(Participation.due_on, Participation.due_at, Participation.ends_at, Participation.sent_at)
        .add_columns(Agency.short_name.label("agency"))
        .join(Agency, Agency.id == Participation.agency_id)
        .where(Participation.inquiry_id.in_(cases), Participation.part == Part.COORDINATING)
        .where(sa.or_(sa.func.coalesce(Participation.sent_at, moment) >= Participation.ends_at, asked_before))
        .order_by(Participation.id)
    )
    rows = db.session.execute(parts).all()
    earlier = _earlier_rounds([row.id for row in rows])
    found: dict[int, list[PartOwed]] = defaultdict(list)
    for row in rows:
        newest = Owed(DueTime(row.due_on, row.due_at, row.ends_at), row.sent_at)
        rounds = (*earlier[row.id], newest)
        found[row.inquiry_id].append(PartOwed(row.id, row.agency_id, row.agency, rounds, row.ended_at))
    return found


def _earlier_rounds(part_ids: Sequence[int]) -> dict[int, list[Owed]]:
    found: dict[int, list[Owed]] = defaultdict(list)
    query = (
        sa.select(PartRound.participation_id, PartRound.due_on, PartRound.due_at, PartRound.ends_at)
        .add_columns(PartRound.answered_at)
        .where(PartRound.participation_id.in_(part_ids), PartRound.ends_at.is_not(None))
        .order_by(PartRound.participation_id, PartRound.number)
    )
    for row in db.session.execute(query) if part_ids else ():
        due = DueTime(row.due_on, row.due_at, row.ends_at)
        found[row.participation_id].append(Owed(due, row.answered_at))
    return found


def lateness_of(inquiry: Inquiry, now: datetime) -> Lateness | None:
    """How late an inquiry is or was, and because of whom; None while it is not late."""
    if (inquiry.finished_at or now) < inquiry.ends_at:
        return None
    parts = late_parts_in(sa.select(Inquiry.id).where(Inquiry.id == inquiry.id), now)[inquiry.id]
    return lateness_in(inquiry, parts, working_calendar(), now)


def lateness_in(case: Any, parts: Sequence[PartOwed], calendar: WorkingCalendar, now: datetime) -> Lateness | None:
    """The same of an inquiry or a row of one, with its late parts at hand."""
    owed = Owed(DueTime(case.due_on, case.due_at, case.ends_at), case.finished_at)
    return whose_lateness(owed, parts, lead_id=case.lead_agency_id, calendar=calendar, now=now)

"""The demo's classes: the workshop of 2024 as it was held, and a class with its third session today."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.db import db
from pr_tracker.demo.certificates import issue_certificates
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.reading import read_toml
from pr_tracker.demo.stories import fill
from pr_tracker.demo.workshop import demo_workshop
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.pdf import Block, Document, Heading, Text, build
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import plan, plan_materials, roll, roll_paper, roster
from pr_tracker.trainings.documents import write_sheet
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.rules import ClassFacts, CourseFacts, SessionFacts
from pr_tracker.trainings.rules_roll import Mark, Source
from pr_tracker.trainings.rules_roster import Entry

MARK_AFTER = timedelta(minutes=20)
CLOSE_AFTER = timedelta(minutes=5)
VALID_MONTHS = 24


def hold_workshop(holder: Agency, trainer: Person, uploads: Path | None) -> None:
    """8 August 2024 in Kiên Giang: 212 on the roster, four topics, one morning (domain.md §10)."""
    workshop, texts = demo_workshop(), read_toml("texts.toml")["workshop"]
    planned = office_instant(workshop.on - timedelta(days=7), time(8, 30))
    facts = CourseFacts(workshop.course, workshop.on.year, holder.id, texts["purpose"], texts["legal_ground"])
    course = plan.add_course(facts, actor=trainer, now=planned)
    one = plan.add_class(course, ClassFacts(workshop.title, workshop.venue), actor=trainer, now=planned)
    sessions = []
    for topic in workshop.topics:
        starts, ends = (office_instant(workshop.on, at) for at in (topic.starts, topic.ends))
        facts_of = SessionFacts(starts, ends, topic.title, topic.lecturer, workshop.venue)
        sessions.append(plan.add_session(one, facts_of, actor=trainer, now=planned))
    entries = [Entry(person.full_name, person.title, person.agency) for person in workshop.roster]
    rows = roster.enrol(one, entries, actor=trainer, now=planned + timedelta(hours=1))
    marks = {person.full_name: Mark(person.mark) for person in workshop.roster}
    random = Random(workshop.on.isoformat())  # noqa: S311
    for session in sessions:
        chosen = {row.id: _said(marks[row.full_name], texts["excused"], random) for row in rows}
        _call_the_roll(session, chosen, trainer, Source.PAPER)
    course.valid_months = VALID_MONTHS
    issue_certificates(one, trainer, sessions[-1].ends_at + timedelta(hours=2))
    if uploads is not None:
        _keep_scan(sessions[0], uploads, trainer)


def _keep_scan(session: ClassSession, uploads: Path, trainer: Person) -> None:
    """The signed sheet of a session, as evidence."""
    out, at = BytesIO(), session.ends_at + timedelta(hours=5)
    write_sheet(session, out, place="Kiên Giang", filled=True)
    roll_paper.add_scans(
        session, [("Danh sach ky ten.pdf", out.getvalue())], folder=uploads, largest=2, actor=trainer, now=at
    )


def begin_class(
    holder: Agency, trainer: Person, day: date, hours: Hours, moment: datetime, uploads: Path | None
) -> None:
    """A class of heads, deputies and staff: two sessions held, the next one on the day itself."""
    texts, random = read_toml("texts.toml")["class_now"], Random(day.isoformat())  # noqa: S311
    planned = office_instant(hours.working_day(day, -12), time(9))
    title = fill(texts["course"], {"nam": str(day.year)})
    topics = "\n".join(row["topic"] for row in texts["session"])
    facts = CourseFacts(title, day.year, holder.id, texts["purpose"], topics=topics, hours=12, valid_months=24)
    course = plan.add_course(facts, actor=trainer, now=planned)
    seats = ClassFacts(texts["name"], texts["place"], capacity=100)
    one = plan.add_class(course, seats, trainer_ids=[trainer.id], actor=trainer, now=planned)
    who = sa.select(PersonRole.person_id).where(PersonRole.role.in_([Role.HEAD, Role.STAFF]))
    people = sorted(db.session.scalars(who))
    rows = roster.enrol_staff(one, people, actor=trainer, now=planned)
    sessions = [_session(one, row, day, hours, trainer, planned) for row in texts["session"]]
    if uploads is not None:
        _hand_out(sessions[0], uploads, trainer, planned)
    for session in sessions:
        if office_day(session.starts_at) < office_day(moment):
            _call_the_roll(session, {row.id: _some_mark(random) for row in rows}, trainer)


def _hand_out(session: ClassSession, uploads: Path, trainer: Person, at: datetime) -> None:
    """The outline of the first session: one page."""
    out = BytesIO()
    blocks: list[Block] = [Heading(session.topic), Text(f"Báo cáo viên: {session.lecturer}")]
    build(Document("Đề cương", blocks), out)
    plan_materials.add_materials(
        session, [("De cuong.pdf", out.getvalue())], folder=uploads, largest=2, actor=trainer, now=at
    )


def _session(
    one: TrainingClass, row: dict, day: date, hours: Hours, trainer: Person, planned: datetime
) -> ClassSession:
    on = hours.working_day(day, row["days"])
    facts = SessionFacts(
        office_instant(on, time(14)), office_instant(on, time(16, 30)), row["topic"], row["lecturer"], one.place
    )
    return plan.add_session(one, facts, actor=trainer, now=planned)


def _call_the_roll(
    session: ClassSession,
    chosen: dict[int, tuple[Mark, str, int]],
    trainer: Person,
    source: Source = Source.ROLL,
) -> None:
    roll.mark_many(session, chosen, actor=trainer, now=session.starts_at + MARK_AFTER, source=source)
    db.session.flush()
    roll.close_session(session, version=session.version, actor=trainer, now=session.ends_at + CLOSE_AFTER)


def _said(mark: Mark, reasons: list[str], random: Random) -> tuple[Mark, str, int]:
    return mark, random.choice(reasons) if mark is Mark.EXCUSED else "", 0


def _some_mark(random: Random) -> tuple[Mark, str, int]:
    return random.choices([Mark.PRESENT, Mark.EXCUSED, Mark.ABSENT], [91, 6, 3])[0], "", 0

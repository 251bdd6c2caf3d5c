"""More of the demo's classes: two with three sessions each, one in the halls today, one that takes names now."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.db import db
from pr_tracker.demo.certificates import issue_certificates
from pr_tracker.demo.doing import Office
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.reading import cut, read_toml
from pr_tracker.demo.stories import fill
from pr_tracker.demo.workshop import demo_workshop
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import (
    arrival,
    inviting,
    naming,
    plan,
    plan_cancel,
    plan_class,
    plan_copy,
    replying,
    roll,
    roster,
    waiting,
)
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan_class import venues_of
from pr_tracker.trainings.rules import ClassFacts, CourseFacts, SessionFacts, VenueFacts
from pr_tracker.trainings.rules_invitations import LetterFacts
from pr_tracker.trainings.rules_roll import Mark, Source
from pr_tracker.trainings.rules_roster import Entry

SEATS = 63  # in each of the two classes of 2025
AT_A_VENUE, IN_THE_HALL = 5, 15
SAID = {Mark.EXCUSED: "excused", Mark.LATE: "late", Mark.LEFT_EARLY: "left_early"}
Marks = dict[int, tuple[Mark, str, int]]


def hold_two_classes(office: Office, holder: Agency, trainer: Person) -> list[TrainingClass]:
    """126 people in two classes of three sessions, six topics, with certificates; some agencies sent nobody."""
    texts, random = read_toml("classes.toml")["city"], Random(2025)  # noqa: S311
    planned = office_instant(texts["first_days"][0] - timedelta(days=14), time(9))
    by: dict[str, Any] = {"actor": trainer, "now": planned}
    rule: dict[str, Any] = {"topics": "\n".join(texts["topics"]), "hours": 24, "valid_months": 18}
    words = (texts["course"], 2025, holder.id, texts["purpose"], texts["legal_ground"])
    course = plan.add_course(CourseFacts(*words, **rule), **by)
    first = plan.add_class(course, ClassFacts(texts["names"][0], texts["place"], SEATS), trainer_ids=[trainer.id], **by)
    for day, number in zip(texts["first_days"], range(3), strict=True):
        topic = "; ".join(texts["topics"][2 * number : 2 * number + 2])
        plan.add_session(first, _morning(day, topic, texts["lecturers"][number], first.place), **by)
    days = dict(zip(texts["first_days"], texts["second_days"], strict=True))
    second = plan_copy.copy_class(first, course, ClassFacts(texts["names"][1], texts["place"], SEATS), days, **by)
    extra = plan.add_session(first, _morning(days[max(days)], texts["extra"], "", first.place), **by)
    plan_cancel.cancel_session(extra, texts["cancelled"], actor=trainer, now=planned + timedelta(days=9))
    towns = [office.agencies[code].id for code in office.agencies if code not in texts["without"]]
    for one, ids in ((first, towns[::2]), (second, towns[1::2])):
        _hold(one, ids, texts, random, trainer, planned)
        issue_certificates(one, trainer, _held(one)[-1].ends_at + timedelta(days=1))
    return [first, second]


def _hold(
    one: TrainingClass, agencies: list[int], texts: dict, random: Random, trainer: Person, planned: datetime
) -> None:
    people = sa.select(PersonRole.person_id).join(Person, Person.id == PersonRole.person_id)
    people = people.where(PersonRole.role.in_([Role.HEAD, Role.STAFF]), Person.agency_id.in_(agencies))
    rows = roster.enrol_staff(one, sorted(db.session.scalars(people)), actor=trainer, now=planned)
    rows += roster.enrol(one, invented(SEATS - len(rows), random), actor=trainer, now=planned)
    for session in _held(one):
        chosen = {row.id: _some_mark(texts, random) for row in rows}
        roll.mark_many(session, chosen, actor=trainer, now=session.starts_at + timedelta(minutes=25))
        db.session.flush()
        roll.close_session(session, version=session.version, actor=trainer, now=session.ends_at)
    _correct_one(_held(one)[-1], texts["corrected"], trainer)


def _correct_one(session: ClassSession, why: str, trainer: Person) -> None:
    absent = sa.select(AttendanceMark).where(
        AttendanceMark.session_id == session.id, AttendanceMark.mark == Mark.ABSENT
    )
    if wrong := db.session.scalars(absent.order_by(AttendanceMark.id)).first():
        who, at = db.session.get_one(Participant, wrong.participant_id), session.ends_at + timedelta(hours=2)
        roll.correct_mark(session, who, Mark.PRESENT, "", why, version=wrong.version, actor=trainer, now=at)


def meet_online(
    office: Office, holder: Agency, trainer: Person, day: date, hours: Hours, moment: datetime
) -> TrainingClass:
    """A conference at eleven remote venues this morning: people check in themselves, at the door, uninvited."""
    texts, random = read_toml("classes.toml")["hall"], Random(day.isoformat())  # noqa: S311
    planned, on = office_instant(hours.working_day(day, -8), time(9)), hours.working_day(day, 0)
    by: dict[str, Any] = {"actor": trainer, "now": planned}
    title = fill(texts["course"], {"nam": str(day.year)})
    course = plan.add_course(CourseFacts(title, day.year, holder.id, texts["purpose"], hours=4), **by)
    towns = [office.agencies[code] for code in texts["venues"]]
    venues = [
        VenueFacts(f"Điểm cầu {town.short_name.removeprefix('UBND ')}", f"Hội trường {town.short_name}")
        for town in towns
    ]
    facts = ClassFacts(texts["name"], texts["place"])
    one = plan.add_class(course, facts, venues=venues, trainer_ids=[trainer.id], **by)
    session = plan.add_session(one, _morning(on, texts["topic"], texts["lecturer"], one.place), **by)
    names = [town.name for town in towns for _ in range(AT_A_VENUE)]
    named = invented(len(names) + IN_THE_HALL, random)
    entries = [Entry(who.full_name, who.title, at) for who, at in zip(named, names, strict=False)]
    rows = roster.enrol(one, entries + named[len(names) :], **by)
    seats = {town.name: venue.id for town, venue in zip(towns, _in_order(one, venues), strict=True)}
    plan_class.seat_people(one, {row.id: seats.get(row.agency_name) for row in rows}, **by)
    db.session.flush()
    if office_day(moment) == on and moment > session.starts_at:
        _arrive(session, rows, texts["walk_ins"], random, trainer)
    return one


def _in_order(one: TrainingClass, venues: Sequence[VenueFacts]) -> list[Any]:
    known = {row.name: row for row in venues_of(one.id)}
    return [known[venue.name] for venue in venues]


def _arrive(
    session: ClassSession, rows: list[Participant], walk_ins: list[str], random: Random, trainer: Person
) -> None:
    for row in rows:
        at = session.starts_at + timedelta(minutes=random.randint(-25, 14), seconds=random.randint(0, 59))
        if random.random() < 0.06:
            at = session.starts_at + timedelta(minutes=random.randint(17, 30))
        how = random.choices([Source.SELF, Source.SCAN, None], [62, 12, 26])[0]
        if how is not None:
            arrival.check_in(session, row, how, actor=None if how is Source.SELF else trainer, now=at)
    for line, who in zip(walk_ins, invented(len(walk_ins), random), strict=True):
        title, agency = cut(line, 2)
        at = session.starts_at + timedelta(minutes=random.randint(1, 9))
        arrival.walk_in(session, Entry(who.full_name, title, agency), actor=trainer, now=at)


def take_names(
    office: Office, holder: Agency, trainer: Person, day: date, hours: Hours, moment: datetime
) -> TrainingClass:
    """A class in two weeks: agencies name people within their quotas, some wait, some have answered."""
    texts, random = read_toml("classes.toml")["coming"], Random(day.isoformat())  # noqa: S311
    planned = office_instant(hours.working_day(day, -6), time(9))
    by: dict[str, Any] = {"actor": trainer, "now": planned}
    title = fill(texts["course"], {"nam": str(day.year)})
    rule: dict[str, Any] = {"topics": "\n".join(texts["topics"]), "hours": 8, "valid_months": 24}
    course = plan.add_course(CourseFacts(title, day.year, holder.id, texts["purpose"], **rule), **by)
    until = office_instant(hours.working_day(day, 4), time(17))
    facts = ClassFacts(texts["name"], texts["place"], texts["capacity"], until)
    one = plan.add_class(course, facts, trainer_ids=[trainer.id], **by)
    for number, topic in enumerate(texts["topics"]):
        on = hours.working_day(day, 9 + number)
        plan.add_session(one, _morning(on, topic, texts["lecturers"][number], one.place), **by)
    waiting.set_quotas(one, {office.agencies[code].id: 2 for code in texts["quotas"]}, **by)
    naming.ask_agencies(one, actor=trainer, now=planned + timedelta(minutes=20))
    at = office_instant(hours.working_day(day, -4), time(8))
    for number, code in enumerate(texts["quotas"][:-2]):
        agency = office.agencies[code]
        people = sorted(_people_of(agency))
        named = people[1 : 4 if number % 3 == 0 else 3]  # not the head; every third names one more than it may
        clerk = db.session.get_one(Person, people[-1])
        naming.name_staff(one, named, actor=clerk, now=at + timedelta(minutes=11 * number))
    _invite_and_answer(one, texts, random, trainer, office_instant(hours.working_day(day, -3), time(9)))
    return one


def _invite_and_answer(one: TrainingClass, texts: dict, random: Random, trainer: Person, at: datetime) -> None:
    letter = LetterFacts(texts["number"], office_day(at), texts["note"], texts["contact"])
    inviting.write_letter(one, letter, version=0, actor=trainer, now=at)
    inviting.invite_new(one, actor=trainer, now=at + timedelta(minutes=30))
    db.session.flush()
    query = sa.select(Participant).where(Participant.class_id == one.id, Participant.seated()).order_by(Participant.id)
    *others, gone, away = db.session.scalars(query).all()
    for number, row in enumerate(others):
        if random.random() < 0.65:
            replying.confirm(row, actor=None, now=at + timedelta(hours=1, minutes=17 * number))
    replying.apologise(away, texts["apology"], actor=None, now=at + timedelta(hours=5))
    instead = invented(1, random)[0]
    entry = Entry(instead.full_name, texts["substitute"], email=f"thaythe@{gone.email.partition('@')[2]}")
    replying.send_substitute(gone, entry, actor=None, now=at + timedelta(hours=6))


def _people_of(agency: Agency) -> Iterator[int]:
    query = sa.select(Person.id).join(PersonRole, PersonRole.person_id == Person.id)
    yield from db.session.scalars(
        query.where(Person.agency_id == agency.id, PersonRole.role.in_([Role.HEAD, Role.STAFF]))
    )


def _held(one: TrainingClass) -> list[ClassSession]:
    query = sa.select(ClassSession).where(ClassSession.class_id == one.id, ClassSession.counts())
    return list(db.session.scalars(query.order_by(ClassSession.starts_at)))


def _morning(day: date, topic: str, lecturer: str, place: str) -> SessionFacts:
    return SessionFacts(office_instant(day, time(8)), office_instant(day, time(11)), topic, lecturer, place)


def _some_mark(texts: dict, random: Random) -> tuple[Mark, str, int]:
    mark = random.choices(list(Mark), [82, 6, 3, 6, 3])[0]
    return mark, random.choice(texts[SAID[mark]]) if mark in SAID else "", 0


def invented(count: int, random: Random) -> list[Entry]:
    """People nobody knows: names made of two of the workshop's, with a title and an agency of a third."""
    people = list(demo_workshop().roster)
    found: dict[str, Entry] = {}
    while len(found) < count:
        one, other, third = random.sample(people, 3)
        name = " ".join(one.full_name.split()[:2] + other.full_name.split()[-2:])
        found.setdefault(name, Entry(name, third.title, third.agency))
    return list(found.values())

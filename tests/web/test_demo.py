"""The demo province: invented, true to the rules, the same for the same day, and never made twice."""

import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_security import verify_password

from pr_tracker.accounts.models import Person
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.certificates.models import Certificate
from pr_tracker.certificates.rules import Status as CertificateStatus
from pr_tracker.db import Base, db
from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.demo.outlets import demo_outlets
from pr_tracker.demo.people import PASSWORD, ROLES, demo_agencies
from pr_tracker.demo.plan import Verb
from pr_tracker.demo.province import fill_province, is_empty, moment_on
from pr_tracker.demo.schedule import plan_of
from pr_tracker.demo.stories import demo_stories
from pr_tracker.demo.workshop import demo_workshop
from pr_tracker.inquiries.models import Draft, HistoryEntry, Inquiry, InquiryExtension, NumberCounter, Participation
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Channel, Kind, Part, RefusalGround, Urgency
from pr_tracker.office_time import OFFICE_ZONE, office_day
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Role
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_invitations import Reply
from pr_tracker.trainings.rules_roll import Mark, Source
from tests.factories.accounts import an_agency

WEDNESDAY = date(2026, 11, 25)
SUNDAY = date(2026, 11, 22)
SMALL = 90


@pytest.fixture(scope="module")
def calendar():
    return seeded_calendar()


@pytest.fixture(scope="class")
def filled(engine, engine_app, databases):
    """A smaller province of a Wednesday, stored once for all that only read it."""
    with databases.fresh(engine, engine_app), engine_app.app_context():
        fill_province(WEDNESDAY, moment_on(WEDNESDAY), password_hash="-", count=SMALL)
        db.session.commit()
        yield db.session


def whole_plan(day, calendar):
    return plan_of(day, moment_on(day), calendar)


# --- the people and the press -----------------------------------------------------------------------------


def test_nobody_in_the_demo_shares_a_name_with_another():
    names = [person.full_name for agency in demo_agencies() for person in agency.people]
    names += [person.full_name for person in demo_workshop().roster]
    names += [one.full_name for outlet in demo_outlets() for one in outlet.journalists]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_agency_has_a_head_a_deputy_and_staff():
    for agency in demo_agencies():
        assert Role.HEAD in agency.people[0].roles & agency.people[1].roles, agency.name
        assert any(Role.STAFF in person.roles for person in agency.people), agency.name


def test_the_named_accounts_stand_where_the_readme_says():
    where = {person.local: agency.code for agency in demo_agencies() for person in agency.people}
    expected = ["VPUBND", "SXD", "SXD", "UBND", "SVHTT", "SVHTT", "VPUBND"]
    assert [where[local] for local in ROLES] == expected
    heads = {agency.code: agency.people[0].local for agency in demo_agencies()}
    assert (heads["SXD"], heads["UBND"]) == ("lanhdao", "chutich")


def test_twenty_press_agencies_of_every_kind_have_contacts_that_reach_nobody():
    outlets = demo_outlets()
    assert len(outlets) == 20
    assert {outlet.kind for outlet in outlets} == set(OutletKind)
    contacts = [(outlet.phone, outlet.email) for outlet in outlets]
    contacts += [(one.phone, one.email) for outlet in outlets for one in outlet.journalists]
    assert all(phone.startswith("0000 ") and email.endswith(".example") for phone, email in contacts)
    assert len({email for _, email in contacts}) == len(contacts)


def test_the_workshop_of_2024_has_a_roster_of_212():
    workshop = demo_workshop()
    assert (workshop.on, len(workshop.roster), len(workshop.topics)) == (date(2024, 8, 8), 212, 4)
    marks = Counter(person.mark for person in workshop.roster)
    assert marks["present"] > 190
    assert set(marks) <= set(Mark)


# --- the stories ------------------------------------------------------------------------------------------


def test_stories_are_asked_and_answered_in_composed_letters_without_exclamation_marks():
    for story in demo_stories():
        text = " ".join([*story.subjects, *story.questions, *story.answer, story.vague, story.returned])
        assert unicodedata.is_normalized("NFC", text)
        assert "!" not in text
        assert 1 <= len(story.questions) <= 4
        assert 2 <= len(story.answer) <= 4


def test_every_ground_of_refusal_has_a_story():
    assert {story.refusal[0] for story in demo_stories() if story.refusal} == set(RefusalGround)


# --- the plan ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [WEDNESDAY, SUNDAY, date(2026, 7, 15), date(2027, 2, 8)])
def test_the_same_day_gives_the_same_plan_and_nothing_lies_ahead_of_it(calendar, day):
    plan = whole_plan(day, calendar)
    assert plan == whole_plan(day, calendar)
    assert all(act.at <= moment_on(day) for act in plan.acts)
    assert [act.at for act in plan.acts] == sorted(act.at for act in plan.acts)


def test_another_day_gives_another_plan(calendar):
    assert whole_plan(WEDNESDAY, calendar) != whole_plan(SUNDAY, calendar)


def test_about_400_inquiries_lie_over_18_months_and_read_differently(calendar):
    plan = whole_plan(WEDNESDAY, calendar)
    first = min(matter.received_at for matter in plan.matters)
    assert 390 <= len(plan.matters) <= 425
    assert timedelta(days=535) < moment_on(WEDNESDAY) - first < timedelta(days=552)
    # Several papers may ask about one event: then the subject is the same on purpose.
    subjects = {matter.subject for matter in plan.matters}
    assert len(subjects) > 0.93 * len(plan.matters)
    assert all(unicodedata.is_normalized("NFC", act.text) and "{" not in act.text for act in plan.acts)


def test_every_kind_channel_and_ground_comes_up(calendar):
    plan = whole_plan(WEDNESDAY, calendar)
    assert {matter.kind for matter in plan.matters} == set(Kind)
    assert {matter.channel for matter in plan.matters} == set(Channel)
    assert {matter.urgency for matter in plan.matters} == set(Urgency)
    assert {act.ground for act in plan.acts if act.verb is Verb.DRAFT and act.ground} == set(RefusalGround)
    assert {act.verb for act in plan.acts} == set(Verb)


def test_some_answers_are_late_and_some_come_at_the_last_hour(calendar):
    plan = whole_plan(WEDNESDAY, calendar)
    given = {act.case: act.at for act in plan.acts if act.verb is Verb.RELEASE}
    left = [plan.matters[case].ends_at - at for case, at in given.items()]
    assert 0.06 < sum(rest <= timedelta() for rest in left) / len(left) < 0.22
    assert sum(timedelta() < rest < timedelta(hours=10) for rest in left) > 15


# --- the stored province ----------------------------------------------------------------------------------


class TestTheStoredProvince:
    """Read only: the province is made once for all of these."""

    def test_every_status_is_there_and_cases_carry_the_numbers_of_their_years(self, filled):
        assert set(filled.scalars(sa.select(Inquiry.status).distinct())) == set(Status)
        assert set(filled.scalars(sa.select(Inquiry.kind).distinct())) == set(Kind)
        for year, last in filled.execute(sa.select(NumberCounter.year, NumberCounter.last)):
            numbers = filled.scalars(sa.select(Inquiry.number).where(Inquiry.year == year).order_by(Inquiry.logged_at))
            assert sorted(numbers) == list(range(1, last + 1))

    def test_the_stored_cases_are_those_of_the_plan(self, filled, calendar):
        plan = plan_of(WEDNESDAY, moment_on(WEDNESDAY), calendar, SMALL)
        planned = Inquiry.incident_id.is_(None)  # those of an incident are logged with it
        stored = filled.execute(sa.select(Inquiry.subject, Inquiry.received_at, Inquiry.kind).where(planned)).all()
        assert sorted(map(tuple, stored)) == sorted((one.subject, one.received_at, one.kind) for one in plan.matters)
        untouched = sa.and_(Inquiry.stopped_days == 0, Inquiry.extended_days == 0)
        led = sa.select(Inquiry.ends_at).where(Inquiry.lead_agency_id.is_not(None), untouched, planned)
        assert set(filled.scalars(led)) <= {one.ends_at for one in plan.matters}

    def test_some_clocks_stand_still_some_terms_were_extended_and_one_extension_waits(self, filled):
        standing = sa.select(sa.func.count()).where(Inquiry.paused_until > moment_on(WEDNESDAY))
        assert filled.scalar(standing.where(Inquiry.finished_at.is_(None))) >= 2
        assert filled.scalar(sa.select(sa.func.count()).where(Inquiry.extended_days > 0)) >= 1
        waiting = sa.select(sa.func.count()).where(InquiryExtension.decided_at.is_(None))
        assert filled.scalar(waiting) == 1

    def test_something_is_overdue_something_due_today_and_something_just_logged(self, filled):
        now = moment_on(WEDNESDAY)
        open_ones = filled.scalars(sa.select(Inquiry).where(Inquiry.finished_at.is_(None))).all()
        assert 36 <= len(open_ones) <= 44
        assert sum(one.ends_at <= now for one in open_ones) >= 2
        tonight = datetime.combine(WEDNESDAY + timedelta(days=1), datetime.min.time(), OFFICE_ZONE)
        assert sum(now < one.ends_at <= tonight for one in open_ones) >= 4
        assert sum(one.status is Status.RECEIVED for one in open_ones) == 5
        done_today = filled.scalars(
            sa.select(Inquiry.released_at).where(Inquiry.released_at > now - timedelta(hours=9))
        )
        assert len(done_today.all()) == 3

    def test_history_has_followups_requests_inputs_watchers_and_returned_versions(self, filled):
        parts = Counter(filled.scalars(sa.select(Participation.part)))
        assert all(parts[part] for part in Part)
        assert filled.scalar(sa.select(sa.func.count()).where(Inquiry.parent_id.is_not(None))) > 1
        assert filled.scalar(sa.select(sa.func.max(Draft.number))) >= 2
        assert filled.scalar(sa.select(sa.func.count()).where(Participation.sent_at.is_not(None))) > 10

    def test_the_audit_log_is_whole_and_history_goes_forward_in_time(self, filled):
        assert list(faults_in_chain()) == []
        moments = filled.execute(sa.select(HistoryEntry.inquiry_id, HistoryEntry.at).order_by(HistoryEntry.id)).all()
        latest = {}
        for inquiry_id, at in moments:
            assert latest.get(inquiry_id, at) <= at
            latest[inquiry_id] = at

    def test_the_workshop_and_the_class_of_today_have_their_rosters_and_marks(self, filled):
        rosters = dict(
            filled.execute(
                sa.select(TrainingClass.name, sa.func.count(Participant.id))
                .join(Participant, Participant.class_id == TrainingClass.id)
                .group_by(TrainingClass.name)
            ).all()
        )
        assert sorted(number for number in rosters.values() if number in (63, 212)) == [63, 63, 212]
        assert rosters["Lớp 2, cơ quan cấp tỉnh và cấp xã"] > 80
        held = filled.scalars(sa.select(ClassSession).where(ClassSession.closed_at.is_not(None))).all()
        assert Counter(session.starts_at.year for session in held) == {2024: 4, 2025: 6, 2026: 2}
        today = [at for at in filled.scalars(sa.select(ClassSession.starts_at)) if office_day(at) == WEDNESDAY]
        assert len(today) == 2  # one in the halls of eleven venues, one in the afternoon

    def test_the_classes_show_every_mark_every_way_it_came_about_every_answer_and_who_waits(self, filled):
        assert set(filled.scalars(sa.select(AttendanceMark.mark).distinct())) == set(Mark)
        assert set(filled.scalars(sa.select(AttendanceMark.source).distinct())) == set(Source)
        assert set(filled.scalars(sa.select(Participant.reply).distinct())) == set(Reply)
        for shown in (
            Participant.waiting_at.is_not(None),
            Participant.walk_in,
            ClassSession.cancelled_at.is_not(None),
            AttendanceMark.corrected_because != "",
        ):
            assert filled.scalar(sa.select(sa.func.count()).where(shown)), shown
        assert set(filled.scalars(sa.select(Certificate.status).distinct())) == set(CertificateStatus)
        seats = sa.select(sa.func.count(sa.distinct(Participant.venue_id))).where(Participant.venue_id.is_not(None))
        assert filled.scalar(seats) == 11


# --- the command ------------------------------------------------------------------------------------------


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["demo", *arguments])


def test_the_command_says_who_can_sign_in_and_a_second_run_changes_nothing(app, monkeypatch):
    monkeypatch.setattr("pr_tracker.cli.demo.COUNT", SMALL)
    first = run(app, "--date", "2026-11-25")
    assert first.exit_code == 0, first.output
    for local in ROLES:
        assert f"{local}@angiang.example" in first.output
    assert PASSWORD in first.output
    letters = [one for one in Path(app.config["PR_TRACKER_UPLOAD_FOLDER"]).iterdir() if one.is_file()]
    assert len(letters) > 10
    assert all(letter.read_bytes().startswith(b"%PDF-") for letter in letters)
    with app.app_context():
        before = _sizes()
        director = db.session.scalar(sa.select(Person).where(Person.email == "lanhdao@angiang.example"))
        assert verify_password(PASSWORD, director.password)
        assert director.agency.head_id == director.id
    second = run(app, "--date", "2026-12-01")
    assert (second.exit_code, "nothing was changed" in second.output) == (0, True)
    again = run(app, "--if-empty")
    assert (again.exit_code, "nothing was changed" in again.output, PASSWORD in again.output) == (0, False, True)
    with app.app_context():
        assert _sizes() == before


def test_a_real_office_is_not_told_the_demos_sign_ins(app):
    with app.app_context():
        an_agency()
        db.session.commit()
    quiet = run(app, "--if-empty")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert PASSWORD not in run(app).output


def _sizes():
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_the_demo_is_refused_in_production(app, monkeypatch):
    monkeypatch.setitem(app.config, "PR_TRACKER_ENV", "production")
    outcome = run(app)
    assert outcome.exit_code == 2
    assert "production" in outcome.output
    with app.app_context():
        assert is_empty()


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "2020-01-01", "2090-01-01"])
def test_a_day_that_cannot_be_is_refused_in_one_line(app, day):
    outcome = run(app, "--date", day)
    assert outcome.exit_code == 2
    assert len(outcome.output.strip().splitlines()) == 1
    with app.app_context():
        assert is_empty()

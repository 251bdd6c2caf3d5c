"""Certificates are issued in one go, once each, numbered per year without a gap; they are replaced and taken back."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.certificates import actions, jobs
from pr_tracker.certificates.models import Certificate, CertificateRun
from pr_tracker.certificates.queries import courses_held, is_trained, register
from pr_tracker.certificates.queries.standing import candidates_of, layout_of
from pr_tracker.certificates.rules import Status
from pr_tracker.certificates.rules_layout import Layout
from pr_tracker.codes import is_ours
from pr_tracker.errors import BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import roll, roster
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person
from tests.factories.certificates import DAY, KEY, a_held_class, a_run, certificates_of
from tests.factories.trainings import a_course, a_session

pytestmark = pytest.mark.usefixtures("session")
THREE = ("Lý Quốc Bảo", "Danh Hoàng Út Ân", "Đỗ Nguyễn Hoàng Khôi")


def issue(run):
    return actions.issue_next(run.id, key=KEY, now=NOW)


def test_whoever_attended_enough_gets_one_numbered_by_given_name_the_others_get_none(session):
    one = a_held_class(*THREE, sessions=5, marks={"Lý Quốc Bảo": Mark.ABSENT})
    given = certificates_of(one)
    assert [each.paper["person"] for each in given] == ["Danh Hoàng Út Ân", "Đỗ Nguyễn Hoàng Khôi"]
    assert [each.written_number for each in given] == ["0001/2026", "0002/2026"]
    assert all(is_ours(each.code, KEY, "certificate") for each in given)
    assert given[0].paper["body"].startswith(f"Đã hoàn thành khóa “{one.course.title}”, Lớp 1, tổ chức từ ngày 10/11")


@pytest.mark.parametrize("mark", [Mark.LATE, Mark.LEFT_EARLY])
def test_who_was_late_or_left_early_was_there(mark):
    assert len(certificates_of(a_held_class("Lý Quốc Bảo", marks={"Lý Quốc Bảo": mark}))) == 1


def test_a_cancelled_session_is_missed_by_nobody(session):
    one = a_held_class("Lý Quốc Bảo", sessions=2)
    for topic in ("Một", "Hai"):
        cancelled = a_session(topic, of=one)
        cancelled.cancelled_at, cancelled.cancelled_because = NOW, "Bão"
    session.flush()
    assert [each.standing.record.sessions for each in candidates_of(one)] == [2]
    assert len(certificates_of(one)) == 1


def test_an_open_session_holds_back_whoever_has_not_attended_enough_without_it(session):
    one = a_held_class("Lý Quốc Bảo", sessions=2)
    a_session(of=one)
    session.flush()
    (stands,) = candidates_of(one)
    assert not stands.standing.qualifies
    assert stands.standing.record.open == 1


def test_whoever_has_not_earned_one_cannot_be_given_one():
    one = a_held_class(*THREE, marks={"Lý Quốc Bảo": Mark.EXCUSED})
    everybody = [each.id for each in candidates_of(one)]
    with pytest.raises(BadInput, match="Lý Quốc Bảo"):
        actions.ask_for(one, everybody, DAY, place="An Giang", actor=None, now=NOW)


def test_nobody_chosen_and_days_that_cannot_be_are_refused():
    one = a_held_class(*THREE)
    everybody = [each.id for each in candidates_of(one)]
    for chosen, day, said in (
        ([], DAY, "at least one"),
        (everybody, date(2026, 11, 9), "only began"),
        (everybody, date(2027, 3, 1), "days ahead"),
    ):
        with pytest.raises(BadInput, match=said):
            actions.ask_for(one, chosen, day, place="An Giang", actor=None, now=NOW)


def test_a_class_is_issued_for_once_at_a_time_and_nobody_gets_a_second_one():
    one = a_held_class(*THREE)
    run = a_run(one)
    with pytest.raises(StepNotAllowed):
        a_run(one)
    assert issue(run) == 3
    assert issue(run) == 0
    run.finished_at = NOW
    with pytest.raises(BadInput, match="has none"):
        a_run(one)


def test_numbers_go_on_without_a_gap_over_runs_and_begin_anew_with_the_year():
    first = [each.number for each in certificates_of(a_held_class(*THREE))]
    second = [each.number for each in certificates_of(a_held_class("Trần An"))]
    next_year = [each.written_number for each in certificates_of(a_held_class("Lê Bình"), day=date(2027, 1, 5))]
    assert (first, second, next_year) == ([1, 2, 3], [4], ["0001/2027"])


def test_whoever_no_longer_qualifies_when_it_is_their_turn_is_passed_over_and_costs_no_number(session):
    one = a_held_class(*THREE)
    run = a_run(one)
    held = session.scalar(sa.select(ClassSession).where(ClassSession.class_id == one.id))
    out = session.scalar(sa.select(Participant).where(Participant.full_name == "Danh Hoàng Út Ân"))
    roll.correct_mark(held, out, Mark.ABSENT, "", "Ghi nhầm", version=1, actor=None, now=NOW)
    assert issue(run) == 2
    assert (run.done, run.issued) == (3, 2)
    assert [each.number for each in register.to_print(one.id)] == [1, 2]


def test_a_run_goes_on_where_a_killed_worker_left_it_and_two_workers_issue_each_once(
    session, monkeypatch, tmp_path, app
):
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path))
    monkeypatch.setattr(actions, "BATCH", 2)
    one = a_held_class(*(f"Học Viên Số {number}" for number in range(7)))
    run = a_run(one)
    session.commit()
    assert issue(run) == 2
    session.commit()  # killed here
    begun = session.get_one(CertificateRun, run.id)
    assert (begun.done, begun.finished_at) == (2, None)
    monkeypatch.setattr(jobs, "_draw_next", stopping_after(1, jobs._draw_next))
    assert jobs.issue(NOW) == 5
    monkeypatch.undo()
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path))
    assert jobs.issue(NOW) == 0
    assert session.get_one(CertificateRun, run.id, populate_existing=True).finished_at == NOW
    given = register.to_print(one.id)
    assert [each.number for each in given] == list(range(1, 8))
    assert all((tmp_path / each.file.stored_name).read_bytes().startswith(b"%PDF") for each in given)
    assert len(list(tmp_path.iterdir())) == 7


def stopping_after(times, work):
    left = [times]

    def once(run_id):
        left[0] -= 1
        return left[0] >= 0 and work(run_id)

    return once


def test_a_drawing_is_kept_once_whoever_comes_second(session, monkeypatch, tmp_path, app):
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path))
    (given,) = certificates_of(a_held_class("Lý Quốc Bảo"))
    first, second = jobs.draw(given), jobs.draw(given)
    assert actions.keep_drawn(given.id, first)
    assert not actions.keep_drawn(given.id, second)
    assert first.digest == second.digest, "the same certificate gives the same file"


def test_each_is_on_record_with_the_digest_of_every_word_on_it(session):
    trainer = a_person(roles={Role.TRAINER})
    (given,) = certificates_of(a_held_class("Lý Quốc Bảo"), actor=trainer)
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.event == "certificate:issue"))
    assert (entry.actor_id, entry.subject_id) == (trainer.id, given.id)
    assert register.is_whole(given)
    session.execute(sa.update(Certificate).values(paper=given.paper | {"person": "Kẻ Giả Mạo"}))
    session.expire_all()
    assert not register.is_whole(given)


def test_another_takes_the_place_of_a_wrong_one_and_counts_as_long(session):
    course = a_course()
    course.valid_months = 24
    one = a_held_class("Lý Quốc Bao", course=course)
    (wrong,) = certificates_of(one)
    right = actions.reissue(
        wrong,
        Entry("Lý Quốc Bảo", "Giám đốc"),
        "Sai họ tên",
        date(2026, 12, 1),
        seen=wrong.version,
        place="An Giang",
        key=KEY,
        actor=None,
        now=NOW,
    )
    session.flush()
    assert wrong.status is Status.SUPERSEDED
    assert (right.paper["person"], right.number, right.replaces_id) == ("Lý Quốc Bảo", 2, wrong.id)
    assert right.code != wrong.code
    assert right.valid_until == wrong.valid_until == date(2028, 11, 20)
    assert right.participant.full_name == "Lý Quốc Bảo"
    assert register.is_whole(right)
    assert register.is_whole(wrong)
    assert [each.id for each in register.to_print(one.id)] == [right.id]


def test_one_is_taken_back_with_a_reason_once_and_may_be_earned_again():
    one = a_held_class("Lý Quốc Bảo")
    (given,) = certificates_of(one)
    with pytest.raises(BadInput):
        actions.revoke(given, "", seen=given.version, actor=None, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        actions.revoke(given, "Cấp nhầm", seen=99, actor=None, now=NOW)
    actions.revoke(given, "Cấp nhầm", seen=given.version, actor=None, now=NOW)
    assert (given.status, given.ended_because) == (Status.REVOKED, "Cấp nhầm")
    with pytest.raises(StepNotAllowed):
        actions.revoke(given, "Lần nữa", seen=given.version, actor=None, now=NOW)
    (again,) = certificates_of(one)
    assert again.number == 2


def test_a_layout_is_kept_for_the_next_ones_and_leaves_the_given_ones_alone():
    course = a_course()
    first = a_held_class("Lý Quốc Bảo", course=course)
    (before,) = certificates_of(first)
    said = dict(before.paper)
    layout = replace(layout_of(course, "An Giang"), heading="Chứng chỉ", signer="Trần Ký Thay")
    actions.keep_layout(course, layout, version=0, actor=None, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        actions.keep_layout(course, Layout(), version=0, actor=None, now=NOW)
    assert layout_of(course, "Nơi khác") == layout
    actions.revoke(before, "Cấp lại theo mẫu mới", seen=1, actor=None, now=NOW)
    (after,) = certificates_of(first)
    assert before.paper == said
    assert (after.paper["heading"], after.paper["signer"]) == ("Chứng chỉ", "Trần Ký Thay")


def test_whoever_holds_a_certificate_that_counts_is_trained(session):
    person, other = a_person("Lý Quốc Bảo"), a_person("Trần An")
    course = a_course("Tập huấn phát ngôn")
    course.valid_months = 12
    one = a_held_class("Danh Hoàng Út Ân", course=course)
    (known,) = roster.enrol_staff(one, [person.id], actor=None, now=NOW)
    held = session.scalar(sa.select(ClassSession).where(ClassSession.class_id == one.id))
    roll.correct_mark(held, known, Mark.PRESENT, "", "Đến bổ sung", version=0, actor=None, now=NOW)
    certificates_of(one)
    assert courses_held([person.id, other.id], NOW)[other.id] == []
    (has,) = courses_held([person.id], NOW)[person.id]
    assert (has.title, has.class_id, has.valid_until) == ("Tập huấn phát ngôn", one.id, date(2027, 11, 20))
    assert is_trained(person.id, NOW)
    assert not is_trained(person.id, NOW.replace(year=2028))
    assert len(courses_held([person.id], NOW.replace(year=2028))[person.id]) == 1
    assert not is_trained(person.id, NOW.replace(month=10)), "not before it was issued"
    assert not is_trained(other.id, NOW)
    given = register.valid_of(known.id)
    actions.revoke(given, "Cấp nhầm", seen=1, actor=None, now=NOW)
    assert not is_trained(person.id, NOW)

"""The register: who held which role when, to the second; who may keep it; nothing is overwritten without a trace."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.models import HeadTenure
from pr_tracker.accounts.queries import heads_at, tenures_of
from pr_tracker.audit.queries import entries_of, faults_in_chain
from pr_tracker.duties import actions as duties
from pr_tracker.duties.rules import DutyKind
from pr_tracker.errors import BadInput, ChangedMeanwhile, NotAllowed, StepNotAllowed
from pr_tracker.permissions import Role
from pr_tracker.spokespersons import actions, queries
from pr_tracker.spokespersons.rules import PUBLISHED, SpokespersonEvent
from tests.factories.accounts import NOW, a_person
from tests.factories.duties import Province
from tests.factories.spokespersons import a_decision, facts_of

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def province(session):
    return Province()


def heads(agency, at):
    return [row.full_name for row in heads_at([agency.id], at)]


def speakers(agency, at):
    return [row.full_name for row in queries.decisions_at([agency.id], at)]


# Heads


def test_the_first_head_on_record_was_head_since_before_the_record(province):
    assert heads(province.department, NOW - 9999 * DAY) == ["Lê Giám Đốc"]
    assert tenures_of(province.department.id)[0].from_at is None


def test_the_head_changes_at_one_instant_and_the_former_stays_on_record(province, session):
    successor = a_person("Phạm Kế Nhiệm", agency=province.department, roles=(Role.HEAD,), title="Giám đốc")
    accounts.name_head(province.department, successor, actor=None, now=NOW)
    assert heads(province.department, NOW - SECOND) == ["Lê Giám Đốc"]
    assert heads(province.department, NOW) == ["Phạm Kế Nhiệm"]
    assert heads(province.department, NOW + SECOND) == ["Phạm Kế Nhiệm"]
    assert [row.full_name for row in tenures_of(province.department.id)] == ["Phạm Kế Nhiệm", "Lê Giám Đốc"]


def test_an_agency_without_a_head_has_none_until_one_is_named(province, session):
    values = {name: getattr(province.department, name) for name in ("code", "name", "superior_id", "active")}
    version, head = province.department.version, province.head
    accounts.change_agency(province.department, version=version, actor=None, now=NOW, **values, head_id=None)
    accounts.name_head(province.department, head, actor=None, now=NOW + DAY)
    assert heads(province.department, NOW - SECOND) == ["Lê Giám Đốc"]
    assert heads(province.department, NOW) == heads(province.department, NOW + DAY - SECOND) == []
    assert heads(province.department, NOW + DAY) == ["Lê Giám Đốc"]


def test_a_new_title_of_the_head_is_a_new_line_of_the_record(province, session):
    head = province.head
    kept = {name: getattr(head, name) for name in ("full_name", "phone", "email", "agency_id", "active")}
    version, roles = head.version, head.roles
    accounts.change_person(head, version=version, roles=roles, actor=None, now=NOW, **kept, title="Quyền Giám đốc")
    assert [row.title for row in tenures_of(province.department.id)] == ["Quyền Giám đốc", "Giám đốc"]
    assert [row.title for row in heads_at([province.department.id], NOW - SECOND)] == ["Giám đốc"]


def test_the_database_has_no_place_for_two_heads_at_once(province, session):
    session.add(HeadTenure(agency_id=province.department.id, person_id=province.staff.id, title="", from_at=NOW))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


# Spokespersons


def test_a_decision_is_in_force_from_its_moment_until_a_paper_ends_it(province, session):
    decision = a_decision(province.staff, NOW, actor=province.head)
    assert speakers(province.department, NOW - SECOND) == []
    assert speakers(province.department, NOW) == ["Nguyễn Chuyên Viên"]
    end = NOW + DAY
    actions.end_decision(decision, end, "9/QĐ-SXD", "Nghỉ hưu", actor=province.head, now=end)
    assert speakers(province.department, end - SECOND) == ["Nguyễn Chuyên Viên"]
    assert speakers(province.department, end) == speakers(province.department, end + SECOND) == []
    assert not list(faults_in_chain())


def test_a_decision_that_takes_a_place_ends_the_former_at_the_same_moment(province, session):
    former = a_decision(province.staff, NOW - DAY, actor=province.head)
    deputy = a_person("Võ Phó Giám Đốc", agency=province.department, roles=(Role.HEAD,))
    new = a_decision(deputy, NOW, actor=province.head, replaces=former)
    assert speakers(province.department, NOW - SECOND) == ["Nguyễn Chuyên Viên"]
    assert speakers(province.department, NOW) == ["Võ Phó Giám Đốc"]
    assert (former.ended_at, former.end_number, former.replaced_by_id) == (NOW, new.decision_number, new.id)


def test_an_agency_may_have_several_spokespersons_by_several_decisions(province, session):
    a_decision(province.staff, NOW - DAY, actor=province.head)
    a_decision(a_person("Võ Thứ Hai", agency=province.department), NOW, actor=province.head)
    assert speakers(province.department, NOW) == ["Nguyễn Chuyên Viên", "Võ Thứ Hai"]


def test_the_same_person_needs_a_decision_that_takes_the_place_of_the_first(province, session):
    first = a_decision(province.staff, NOW - DAY, actor=province.head)
    with pytest.raises(BadInput) as refusal:
        a_decision(province.staff, NOW, actor=province.head)
    assert refusal.value.field == "replaces_id"
    a_decision(province.staff, NOW, actor=province.head, replaces=first)
    assert speakers(province.department, NOW) == ["Nguyễn Chuyên Viên"]


def test_a_place_cannot_be_taken_twice_or_before_it_was_given_or_in_another_agency(province, session):
    former = a_decision(province.staff, NOW - DAY, actor=province.head)
    deputy = a_person("Võ Phó", agency=province.department)
    foreign = a_decision(province.stranger, NOW - DAY, actor=province.clerk)
    for replaced, moment in ((former, NOW - 2 * DAY), (foreign, NOW)):
        with pytest.raises(BadInput):
            a_decision(deputy, moment, actor=province.head, replaces=replaced, now=NOW)
    a_decision(deputy, NOW, actor=province.head, replaces=former)
    with pytest.raises(BadInput):
        a_decision(a_person(agency=province.department), NOW, actor=province.head, replaces=former)


def test_only_people_of_the_agency_are_named_and_of_the_office_for_the_province(province, session):
    with pytest.raises(BadInput) as refusal:
        a_decision(province.stranger, NOW, agency=province.department, actor=province.head)
    assert refusal.value.field == "person_id"
    a_decision(province.chief, NOW, agency=province.top, actor=province.clerk)
    assert speakers(province.top, NOW) == ["Lê Chánh Văn Phòng"]


def test_the_agency_keeps_its_own_part_and_the_office_everybodys(province, session):
    a_decision(province.staff, NOW, actor=province.clerk)
    for actor in (province.stranger, province.supervisor):
        with pytest.raises(NotAllowed):
            a_decision(a_person(agency=province.department), NOW, actor=actor)


def test_a_correction_keeps_the_former_words_the_reason_and_who_did_it(province, session):
    decision = a_decision(province.staff, NOW - DAY, actor=province.head)
    facts = {name: getattr(decision, name) for name in PUBLISHED} | {"phone": "0000 911 999"}
    actions.correct(decision, facts, "Gõ nhầm số", actor=province.head, now=NOW, seen=decision.version)
    entry = entries_of(decision)[0]
    assert entry.event == SpokespersonEvent.CORRECT
    assert entry.data["changed"] == {"phone": ["0000 911 200", "0000 911 999"]}
    assert entry.data["reason"] == "Gõ nhầm số"
    assert entry.actor_name == "Lê Giám Đốc"
    assert queries.last_change(NOW) == NOW
    with pytest.raises(BadInput):
        actions.correct(decision, facts, "Lý do", actor=province.head, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        actions.correct(decision, facts | {"phone": "1"}, "Lý do", actor=province.head, now=NOW, seen=1)


def test_a_decision_is_ended_once_with_number_and_reason(province, session):
    decision = a_decision(province.staff, NOW - DAY, actor=province.head)
    for number, reason in (("", "Nghỉ hưu"), ("9/QĐ", " ")):
        with pytest.raises(BadInput):
            actions.end_decision(decision, NOW, number, reason, actor=province.head, now=NOW)
    actions.end_decision(decision, NOW, "9/QĐ", "Nghỉ hưu", actor=province.head, now=NOW)
    with pytest.raises(StepNotAllowed):
        actions.end_decision(decision, NOW, "10/QĐ", "Nghỉ hưu", actor=province.head, now=NOW)


def test_the_database_refuses_an_end_without_its_paper(province, session):
    decision = a_decision(province.staff, NOW - DAY, actor=province.head)
    decision.ended_at = NOW
    decision.version += 1
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_an_old_typed_decision_is_linked_to_its_person_once(province, session):
    decision = a_decision(province.staff, NOW - DAY, actor=province.head)
    decision.person_id = None
    decision.version += 1
    session.flush()
    actions.link_person(decision, province.staff.id, actor=province.head, now=NOW)
    assert queries.decisions_at([province.department.id], NOW)[0].person_id == province.staff.id
    with pytest.raises(StepNotAllowed):
        actions.link_person(decision, province.head.id, actor=province.head, now=NOW)


def test_the_duty_of_publication_opens_with_the_decision(province, session):
    facts = facts_of(province.staff, NOW)
    duty = duties.record_spokesperson(
        province.department, facts, person_id=province.staff.id, actor=province.head, now=NOW
    )
    assert duty.kind is DutyKind.PUBLICATION
    assert duty.due_at == NOW + DAY


# Heads, since when


def renamed(province, head, since=None):
    values = {name: getattr(province.department, name) for name in ("code", "name", "superior_id", "active")}
    version = province.department.version
    accounts.change_agency(
        province.department, version=version, actor=None, now=NOW, head_since=since, **values, head_id=head.id
    )


def test_a_new_head_may_be_so_since_the_moment_of_the_decision(province, session):
    successor = a_person("Phạm Kế Nhiệm", agency=province.department, roles=(Role.HEAD,))
    renamed(province, successor, since=NOW - DAY)
    assert heads(province.department, NOW - DAY - SECOND) == ["Lê Giám Đốc"]
    assert heads(province.department, NOW - DAY) == ["Phạm Kế Nhiệm"]
    assert queries.last_change(NOW) == NOW, "the list changed when it was written, not when the decision was made"


def test_nobody_becomes_head_in_the_future_or_before_the_former_head(province, session):
    second, third = (a_person(agency=province.department, roles=(Role.HEAD,)) for _ in range(2))
    renamed(province, second, since=NOW - DAY)
    for since in (NOW + SECOND, NOW - DAY - SECOND):
        with pytest.raises(BadInput) as refusal:
            renamed(province, third, since=since)
        assert refusal.value.field == "head_since"
    renamed(province, third, since=NOW - DAY)
    assert heads(province.department, NOW - DAY) == [third.full_name]

"""Out of office: who stands in for whom, on which days, entered by whom."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker import clock
from pr_tracker.accounts import actions, queries
from pr_tracker.accounts.models import Absence, PersonRole
from pr_tracker.accounts.rules import AccountEvent
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.errors import BadInput, NotAllowed
from pr_tracker.notices import jobs, labels
from pr_tracker.notices.models import Notice
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.fixture
def province(session):
    return Province()


def away(person, substitute, first=FRIDAY, last=FRIDAY + 4 * DAY, *, actor=None, now=NOW, note=""):
    return actions.enter_absence(
        person, substitute, from_on=first, to_on=last, note=note, actor=actor or person, now=now
    )


def test_the_substitute_stands_in_on_every_day_of_the_absence_and_on_no_other(province):
    away(province.head, province.deputy, FRIDAY + DAY, FRIDAY + 3 * DAY)
    stood_in = [n for n in range(6) if queries.stand_ins([province.head.id], FRIDAY + n * DAY)]
    assert stood_in == [1, 2, 3]
    assert queries.stand_ins([province.head.id, province.clerk.id], FRIDAY + DAY) == {
        province.head.id: province.deputy.id
    }


def test_a_substitute_who_left_does_not_stand_in(province):
    away(province.head, province.deputy)
    province.deputy.active = False
    assert queries.stand_ins([province.head.id], FRIDAY) == {}
    province.deputy.active, province.deputy.agency = True, province.other
    assert queries.stand_ins([province.head.id], FRIDAY) == {}


def test_who_is_away_until_when_and_who_stands_in(province):
    away(province.head, province.deputy)
    [row] = db.session.execute(queries.away_rows(FRIDAY, *queries.AWAY))
    assert tuple(row) == (province.head.id, FRIDAY + 4 * DAY, "Phạm Phó")


def test_one_knows_for_whom_one_stands_in(province):
    away(province.head, province.deputy)
    assert [(row.full_name, row.to_on) for row in queries.stands_in_for(province.deputy.id, FRIDAY)] == [
        ("Lê Giám Đốc", FRIDAY + 4 * DAY)
    ]
    assert queries.stands_in_for(province.head.id, FRIDAY) == []


def test_absences_of_one_person_do_not_overlap(province):
    away(province.head, province.deputy)
    with pytest.raises(BadInput, match="already"):
        away(province.head, province.deputy, FRIDAY + 4 * DAY, FRIDAY + 9 * DAY)
    away(province.head, province.deputy, FRIDAY + 5 * DAY, FRIDAY + 9 * DAY)


@pytest.mark.parametrize("who", ["head", "stranger", "drafter", "inactive"])
def test_only_an_active_leader_of_the_same_agency_stands_in_for_a_head(province, who):
    gone = a_person("Cao Đã Nghỉ", agency=province.department, roles=(Role.HEAD,))
    gone.active = False
    substitute = gone if who == "inactive" else getattr(province, who)
    with pytest.raises(BadInput) as refusal:
        away(province.head, substitute)
    assert refusal.value.field == "substitute_id"


def test_leaders_enter_absences_of_their_agency_and_administrators_anybodys(province):
    admin = a_person("Quản Trị", agency=province.office, roles=(Role.ADMIN,))
    colleague = a_person("Cao Đồng Nghiệp", agency=province.department)
    away(province.drafter, colleague, actor=province.deputy)
    away(province.drafter, colleague, FRIDAY + 10 * DAY, FRIDAY + 11 * DAY, actor=admin)
    for stranger in (colleague, province.other_head, province.clerk):
        with pytest.raises(NotAllowed):
            away(province.drafter, colleague, FRIDAY + 20 * DAY, FRIDAY + 21 * DAY, actor=stranger)


def test_whoever_is_back_early_acts_alone_again_and_the_log_has_both(province, session):
    absence = away(province.head, province.deputy, note="Họp tại Hà Nội")
    actions.end_absence(absence, actor=province.head, now=NOW + timedelta(hours=1))
    assert queries.stand_ins([province.head.id], FRIDAY) == {}
    away(province.head, province.deputy)  # the days are free again
    with pytest.raises(BadInput, match="over"):
        actions.end_absence(absence, actor=province.head, now=NOW + timedelta(hours=2))
    events = list(session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.number)))[-3:]
    assert events == [AccountEvent.ABSENCE_ENTER, AccountEvent.ABSENCE_END, AccountEvent.ABSENCE_ENTER]


def test_the_database_refuses_ones_own_substitute(province, session):
    days = {"from_on": FRIDAY, "to_on": FRIDAY, "created_at": NOW, "created_by_id": province.head.id}
    session.add(Absence(person=province.head, substitute=province.head, **days))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def entered(client, person, substitute, first="23/11/2026", last="27/11/2026"):
    data = {"from_on": first, "to_on": last, "substitute_id": substitute.id, "note": ""}
    return client.post(f"/people/{person.id}/absences", data=data, follow_redirects=True)


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.mark.usefixtures("today")
def test_a_leader_enters_the_own_absence_and_ends_it(province, session, sign_in):
    session.commit()
    client = sign_in(province.head)
    page = entered(client, province.head, province.deputy)
    assert "Phạm Phó thay từ 23/11/2026 đến 27/11/2026." in page.text
    assert "sắp tới" in page.text
    absence_id = session.scalar(sa.select(Absence.id))
    page = client.post(f"/absences/{absence_id}/end", follow_redirects=True)
    assert "Đã kết thúc vắng mặt" in page.text
    assert "kết thúc sớm" in page.text


@pytest.mark.usefixtures("today")
def test_the_page_says_at_entry_that_the_substitute_is_away_too(province, session, sign_in):
    third = a_person("Hồ Phó", agency=province.department, roles=(Role.HEAD,))
    away(province.deputy, third, FRIDAY + 3 * DAY, FRIDAY + 5 * DAY)
    session.commit()
    page = entered(sign_in(province.head), province.head, province.deputy)
    assert "Phạm Phó cũng vắng mặt từ 23/11/2026 đến 25/11/2026" in page.text


@pytest.mark.usefixtures("today")
def test_a_refused_absence_keeps_what_was_typed(province, session, sign_in):
    session.commit()
    page = entered(sign_in(province.head), province.head, province.deputy, "27/11/2026", "23/11/2026")
    assert page.status_code == 422
    assert "Ngày cuối đứng trước ngày đầu." in page.text
    assert 'value="27/11/2026"' in page.text


def test_the_page_of_another_agencys_person_does_not_exist(province, session, sign_in):
    session.commit()
    assert sign_in(province.other_head).get(f"/people/{province.head.id}/absences").status_code == 404
    assert sign_in(province.drafter).get(f"/people/{province.head.id}/absences").status_code == 404
    assert sign_in(province.deputy).get(f"/people/{province.drafter.id}/absences").status_code == 200


@pytest.mark.usefixtures("today")
def test_everybody_sees_who_of_their_agency_is_away_without_the_reason(province, session, sign_in):
    away(province.head, province.deputy, note="Điều trị tại bệnh viện")
    session.commit()
    page = sign_in(province.drafter).get("/absences").text
    assert "Lê Giám Đốc" in page
    assert "bệnh viện" not in page
    assert "Lê Giám Đốc" not in sign_in(province.stranger).get("/absences").text


def test_the_substitute_is_told_once_and_of_a_mistake_not_at_all(province, session):
    mistake = away(province.drafter, province.deputy)
    actions.end_absence(mistake, actor=province.drafter, now=NOW)
    away(province.head, province.deputy)
    session.commit()
    assert [jobs.name_substitutes(NOW), jobs.name_substitutes(NOW)] == [1, 0]
    [notice] = session.scalars(sa.select(Notice))
    assert notice.person_id == province.deputy.id
    with force_locale("vi"):
        said = labels.sentence(notice.kind, notice.data)
    assert "Lê Giám Đốc" in said
    assert "20/11/2026" in said
    assert "24/11/2026" in said


@pytest.mark.parametrize("roles", [(Role.STAFF,), (Role.TRAINER,), (Role.ADMIN,), ()])
def test_a_substitute_who_lost_the_role_does_not_stand_in(province, session, roles):
    away(province.head, province.deputy)
    assert queries.stand_ins([province.head.id], FRIDAY) == {province.head.id: province.deputy.id}
    set_roles(session, province.deputy, roles)
    assert queries.stand_ins([province.head.id], FRIDAY) == {}
    assert [row.still_there for row in queries.absences_from(FRIDAY)] == [False]


def test_an_officers_substitute_who_no_longer_handles_inquiries_is_told_nothing_of_them(province, session):
    colleague = a_person("Cao Đồng Nghiệp", agency=province.department)
    away(province.drafter, colleague, actor=province.head)
    set_roles(session, colleague, (Role.HEAD,))
    assert queries.stand_ins([province.drafter.id], FRIDAY) == {province.drafter.id: colleague.id}
    set_roles(session, colleague, (Role.TRAINER,))
    assert queries.stand_ins([province.drafter.id], FRIDAY) == {}


def set_roles(session, person, roles):
    session.execute(sa.delete(PersonRole).where(PersonRole.person_id == person.id))
    session.add_all(PersonRole(person_id=person.id, role=role) for role in roles)
    session.flush()

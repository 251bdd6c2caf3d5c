"""The certificates of a class on its page, their layout, and the public page that says what a code stands for."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.certificates import actions, jobs
from pr_tracker.certificates.models import Certificate, CertificateRun
from pr_tracker.certificates.queries import register
from pr_tracker.certificates.queries.standing import candidates_of, layout_of
from pr_tracker.codes import new_code, show_code
from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person
from tests.factories.certificates import KEY, a_held_class, a_run, certificates_of
from tests.factories.trainings import a_course
from tests.pdf.reading import pages, words

THREE = ("Lý Quốc Bảo", Entry("Danh Hoàng Út Ân", "Giám đốc", "Sở Y tế"), "Đỗ Nguyễn Hoàng Khôi")


@pytest.fixture
def trainer(session, sign_in, monkeypatch, app, tmp_path):
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path))
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW)
    return sign_in(a_person("Cán Bộ Đào Tạo", roles={Role.TRAINER}))


def page_of(one):
    return f"/trainings/classes/{one.id}/certificates"


def test_the_page_says_who_has_earned_one_and_why_somebody_has_not(trainer, session):
    one = a_held_class(*THREE, sessions=3, marks={"Lý Quốc Bảo": Mark.EXCUSED})
    session.commit()
    text = trainer.get(page_of(one)).text
    assert "2 trên 3 người đủ điều kiện" in text
    assert "Khóa yêu cầu: dự từ 80% số buổi trở lên." in text
    assert "dự 0 trên 3 buổi (0%), cần 80%" in text


def test_they_are_asked_for_on_the_page_issued_in_the_background_and_taken_out_as_files(trainer, session):
    one = a_held_class(*THREE)
    session.commit()
    chosen = [each.id for each in candidates_of(one)][:2]
    answer = trainer.post(page_of(one), data={"issued_on": "20/11/2026", "take": chosen})
    assert answer.status_code == 303
    page = trainer.get(page_of(one)).text
    assert "Đang cấp 2 giấy chứng nhận" in page
    assert "http-equiv" in page, "without scripts the page asks again by itself"
    state = trainer.get(page_of(one) + "/progress").json
    assert (state["steps"], state["of"], state["finished"]) == (0, 4, False)
    assert jobs.issue(NOW) == 2
    state = trainer.get(page_of(one) + "/progress").json
    assert (state["steps"], state["of"], state["finished"]) == (4, 4, True)
    assert "2 giấy chứng nhận còn hiệu lực" in trainer.get(page_of(one)).text

    joint = trainer.get(page_of(one) + "/joint.pdf").data
    assert len(pages(joint)) == 2
    archive = ZipFile(BytesIO(trainer.get(page_of(one) + "/all.zip").data))
    assert archive.namelist() == [
        "giay-chung-nhan-0001-2026-danh-hoang-ut-an.pdf",
        "giay-chung-nhan-0002-2026-ly-quoc-bao.pdf",
    ]
    given = register.to_print(one.id)[0]
    single = trainer.get(f"/trainings/certificates/{given.id}.pdf").data
    assert single == archive.read(archive.namelist()[0]), "the file that was kept"
    assert "Danh Hoàng Út Ân" in words(single)
    exports = session.scalars(sa.select(AuditEntry.data).where(AuditEntry.event == "certificate:export")).all()
    assert [(entry["form"], entry["count"]) for entry in exports] == [("pdf", 2), ("zip", 2), ("pdf", 1)]


def test_those_of_the_last_run_can_be_printed_alone(trainer, session):
    one = a_held_class(*THREE)
    earned = [each.id for each in candidates_of(one)]
    for part in (earned[:2], earned[2:]):
        actions.ask_for(one, part, date(2026, 11, 20), place="An Giang", actor=None, now=NOW)
        session.commit()
        jobs.issue(NOW)
    run = register.latest_run(one.id)
    assert f"joint.pdf?run={run.id}" in trainer.get(page_of(one)).text
    assert len(pages(trainer.get(f"{page_of(one)}/joint.pdf?run={run.id}").data)) == 1
    assert trainer.get(f"{page_of(one)}/joint.pdf?run=999999").status_code == 404


def test_what_was_typed_stays_when_a_day_is_refused(trainer, session):
    one = a_held_class(*THREE)
    session.commit()
    first = candidates_of(one)[0].id
    answer = trainer.post(page_of(one), data={"issued_on": "01/11/2026", "take": [first]})
    assert answer.status_code == 422
    assert "Lớp bắt đầu từ ngày 10/11/2026." in answer.text
    assert 'value="01/11/2026"' in answer.text
    assert answer.text.split("</main>")[0].count(" checked>") == 1
    for rubbish in ({}, {"issued_on": "20/11/2026", "take": ["x", "99999999999999", "-1"]}):
        assert trainer.post(page_of(one), data=rubbish).status_code == 422


def test_a_run_that_nobody_begins_says_so(trainer, session, monkeypatch):
    one = a_held_class(*THREE)
    a_run(one)
    session.commit()
    assert "Đang chờ tiến trình nền" in trainer.get(page_of(one)).text
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW.replace(hour=11))
    assert "Tiến trình nền có vẻ không chạy" in trainer.get(page_of(one)).text


def test_a_supervisor_looks_and_does_nothing(session, sign_in, monkeypatch):
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW)
    one = a_held_class(*THREE)
    (given, *_) = certificates_of(one)
    client = sign_in(a_person(roles={Role.SUPERVISOR}))
    session.commit()
    page = client.get(page_of(one))
    assert page.status_code == 200
    assert "<button class" not in page.text.split("<main")[1]
    assert client.get(f"/trainings/certificates/{given.id}.pdf").status_code == 200
    for path in ("/joint.pdf", "/all.zip"):
        assert client.get(page_of(one) + path).status_code == 403
    assert client.post(page_of(one), data={}).status_code == 403
    assert client.post(f"/trainings/certificates/{given.id}/revoke", data={}).status_code == 403


def test_a_wrong_name_is_put_right_by_another_certificate(trainer, session):
    one = a_held_class("Lý Quốc Bao")
    (wrong,) = certificates_of(one)
    session.commit()
    path = f"/trainings/certificates/{wrong.id}/reissue"
    assert 'value="Lý Quốc Bao"' in trainer.get(path).text
    said = {"seen": "1", "full_name": "Lý Quốc Bảo", "title": "", "agency_name": "Sở Y tế", "issued_on": "20/11/2026"}
    assert trainer.post(path, data=said).status_code == 422
    assert trainer.post(path, data=said | {"reason": "Sai họ tên", "seen": "7"}).status_code == 409
    assert trainer.post(path, data=said | {"reason": "Sai họ tên"}).status_code == 303
    session.expire_all()
    right = register.successor_of(wrong)
    assert "Lý Quốc Bảo" in words(trainer.get(f"/trainings/certificates/{right.id}.pdf").data)
    listed = trainer.get(page_of(one)).text
    assert "Lý Quốc Bao" in listed, "the superseded one is listed as it was issued"
    assert "Sai họ tên" in listed
    assert "không còn hiệu lực" in trainer.get(path).text
    for code, verdict in ((wrong.code, "Đã được thay thế"), (right.code, "Còn hiệu lực")):
        assert verdict in trainer.get(f"/certificates/{code}").text
    assert "Giấy mới có số 0002/2026" in trainer.get(f"/certificates/{wrong.code}").text


def test_a_certificate_is_taken_back_with_a_reason_that_stays_inside(trainer, session, client):
    (given,) = certificates_of(a_held_class("Lý Quốc Bảo"))
    session.commit()
    path = f"/trainings/certificates/{given.id}/revoke"
    assert trainer.post(path, data={"seen": "1", "reason": ""}).status_code == 422
    assert trainer.post(path, data={"seen": "1", "reason": "Cấp nhầm, không dự lớp"}).status_code == 303
    text = trainer.get(f"/certificates/{given.code}").text
    assert "Đã thu hồi" in text
    assert "Cấp nhầm" not in text
    assert trainer.get(f"{page_of(given.training_class)}/joint.pdf").status_code == 404


def test_the_public_page_says_what_the_paper_says_and_nothing_more(session, client, monkeypatch):
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW)
    who = Entry("Danh Hoàng Út Ân", "Giám đốc", "Sở Y tế", "0901234567", "ut.an@angiang.example")
    (given,) = certificates_of(a_held_class(who))
    session.commit()
    for typed in (given.code, show_code(given.code).lower(), f" {given.code}"):
        answer = client.get(f"/certificates/{typed}")
        assert answer.status_code == 200
        assert "Còn hiệu lực" in answer.text
    for said in ("Danh Hoàng Út Ân", "Giám đốc, Sở Y tế", "Số: 0001/2026/GCN"):
        assert said in answer.text
    for private in ("0901234567", "ut.an@", given.participant.token, given.participant.personal_code):
        assert private not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in answer.text


def test_what_the_layout_leaves_out_the_public_page_leaves_out(session, client):
    course = a_course()
    layout = layout_of(course, "An Giang")
    actions.keep_layout(course, type(layout)(**(vars(layout) | {"about": ""})), version=0, actor=None, now=NOW)
    (given,) = certificates_of(a_held_class(Entry("Danh Hoàng Út Ân", "Giám đốc", "Sở Y tế"), course=course))
    session.commit()
    text = client.get(f"/certificates/{given.code}").text
    assert "Danh Hoàng Út Ân" in text
    assert "Sở Y tế" not in text


def test_a_forged_code_an_altered_one_and_one_that_was_never_given_fail(session, client):
    (given,) = certificates_of(a_held_class("Lý Quốc Bảo"))
    session.commit()
    altered = given.code[:-1] + ("C" if given.code[-1] != "C" else "F")
    for code in (altered, "C" * 16, given.code[:-1], given.code + "C", "x", "%00", "'--", "é" * 300):
        answer = client.get(f"/certificates/{code}")
        assert answer.status_code == 404
        assert "Lý Quốc Bảo" not in answer.text
    assert "Không có giấy chứng nhận này" in client.get(f"/certificates/{altered}").text
    assert "Chưa xác nhận được" in client.get(f"/certificates/{new_code(KEY, 'certificate')}").text, (
        "a genuine code, its row is gone"
    )


def test_a_certificate_changed_or_put_into_the_database_by_hand_is_not_confirmed(session, client):
    first, second = certificates_of(a_held_class("Lý Quốc Bảo", "Danh Hoàng Út Ân"))
    session.execute(
        sa.update(Certificate).where(Certificate.id == first.id).values(paper=first.paper | {"person": "Kẻ Giả Mạo"})
    )
    forged = new_code(KEY, "certificate")
    session.execute(sa.update(Certificate).where(Certificate.id == second.id).values(code=forged))
    session.commit()
    for code in (first.code, forged):
        text = client.get(f"/certificates/{code}").text
        assert "Chưa xác nhận được" in text
        assert "Kẻ Giả Mạo" not in text


def test_codes_stay_good_when_the_key_of_the_site_is_changed(session, client, monkeypatch, app):
    (given,) = certificates_of(a_held_class("Lý Quốc Bảo"))
    session.commit()
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-key-for-tests-0123456789abcdef")
    assert "Còn hiệu lực" in client.get(f"/certificates/{given.code}").text


def test_a_certificate_whose_time_has_passed_is_genuine_but_no_longer_counts(session, client, monkeypatch):
    course = a_course()
    course.valid_months = 1
    (given,) = certificates_of(a_held_class("Lý Quốc Bảo", course=course))
    session.commit()
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW.replace(year=2027))
    assert "Giấy thật, đã hết thời hạn giá trị" in client.get(f"/certificates/{given.code}").text


def test_a_code_can_be_typed(session, client):
    (given,) = certificates_of(a_held_class("Lý Quốc Bảo"))
    session.commit()
    assert client.get("/certificates").status_code == 200
    answer = client.get("/certificates", query_string={"code": show_code(given.code).lower()})
    assert answer.location.endswith(f"/certificates/{given.code}")


def test_ones_own_page_offers_the_certificate_or_says_what_is_missing(session, client):
    one = a_held_class("Lý Quốc Bảo", "Danh Hoàng Út Ân", sessions=2, marks={"Danh Hoàng Út Ân": Mark.ABSENT})
    lacking, earned = candidates_of(one)
    tokens = {each.id: each.token for each in one_roster(one)}
    session.commit()
    assert "chưa được cấp" in client.get(f"/my-class/{tokens[earned.id]}").text
    certificates_of(one)
    session.commit()
    assert "Tải giấy chứng nhận" in client.get(f"/my-class/{tokens[earned.id]}").text
    paper = client.get(f"/my-class/{tokens[earned.id]}/certificate.pdf")
    assert "Lý Quốc Bảo" in words(paper.data)
    missing = client.get(f"/my-class/{tokens[lacking.id]}").text
    assert "Còn thiếu: dự 0 trên 2 buổi (0%), cần 80%." in missing
    assert client.get(f"/my-class/{tokens[lacking.id]}/certificate.pdf").status_code == 404


def one_roster(one):
    from pr_tracker.trainings.models_roster import Participant

    return db.session.scalars(sa.select(Participant).where(Participant.class_id == one.id)).all()


def test_the_layout_is_looked_at_before_it_is_saved_and_refused_where_nobody_could_mean_it(trainer, session):
    one = a_held_class(*THREE)
    session.commit()
    path = f"/trainings/courses/{one.course_id}/certificate"
    typed = {name: value for name, value in vars(layout_of(one.course, "An Giang")).items() if isinstance(value, str)}
    typed |= {"version": "0", "heading": "Chứng chỉ bồi dưỡng"}
    sample = trainer.post(path + "/sample.pdf", data=typed)
    assert "CHỨNG CHỈ BỒI DƯỠNG" in words(sample.data)
    assert "BẢN XEM THỬ" in words(sample.data)
    assert "GIẤY CHỨNG NHẬN" in words(trainer.get(path + "/sample.pdf").data), "nothing was saved"
    for where in ("", "/sample.pdf"):
        refused = trainer.post(path + where, data=typed | {"body": "Đã học {khoá nào}"})
        assert refused.status_code == 422
        assert "không phải là chỗ điền" in refused.text
        assert "Chứng chỉ bồi dưỡng" in refused.text
    assert trainer.post(path, data=typed).status_code == 303
    assert "Chứng chỉ bồi dưỡng" in trainer.get(path).text
    assert "Chứng chỉ bồi dưỡng" not in trainer.get(path + "?from=ordinary").text
    assert trainer.post(path, data=typed | {"heading": "Khác"}).status_code == 409


def test_the_state_of_a_class_without_any_is_said_plainly(trainer, session):
    empty = a_held_class("Lý Quốc Bảo", marks={"Lý Quốc Bảo": Mark.ABSENT})
    session.commit()
    assert trainer.get(page_of(empty) + "/progress").status_code == 404
    assert trainer.get(page_of(empty) + "/all.zip").status_code == 404
    assert session.scalar(sa.select(sa.func.count(CertificateRun.id))) == 0
    assert trainer.get("/trainings/classes/999/certificates").status_code == 404

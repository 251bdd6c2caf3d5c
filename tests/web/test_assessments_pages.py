"""Pages of assessments: who opens what, a test built, pasted, copied; marks typed and imported; papers; feedback."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook

from pr_tracker import clock
from pr_tracker.assessments.models import FinalPaper, TestAttempt, TestQuestion
from pr_tracker.assessments.queries.feedback import asked_of
from pr_tracker.assessments.queries.results import results_of
from pr_tracker.assessments.queries.tests import questions_of
from pr_tracker.assessments.rules import Kind, Verdict
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import roll
from pr_tracker.trainings.rules_roll import Mark
from tests.broken_sheets import BROKEN_SHEETS, broken_sheet
from tests.factories.accounts import NOW, a_person
from tests.factories.assessments import HOUR, a_feedback, a_paper_task, a_short_one, a_test, an_attempt, one_choice
from tests.factories.trainings import a_class, a_roster, a_session

OF = "/trainings/classes/1"
READ = (f"{OF}/test", f"{OF}/marks", f"{OF}/feedback", f"{OF}/marks.xlsx")
WRITE = (
    f"{OF}/test/edit",
    f"{OF}/test/questions/new",
    f"{OF}/test/paste",
    f"{OF}/test/copy",
    f"{OF}/test/answers",
    "/trainings/questions/1/edit",
    "/trainings/attempts/1",
    "/trainings/attempts/1/annul",
    f"{OF}/marks/import",
    f"{OF}/paper",
    "/trainings/participants/1/papers",
    f"{OF}/feedback/edit",
)
ACTS = (
    "/trainings/questions/1/move",
    "/trainings/questions/1/withdraw",
    f"{OF}/marks/save",
    "/trainings/papers/1/judge",
)
READERS = {Role.TRAINER, Role.SUPERVISOR}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def now(monkeypatch):
    """The pages' clock stands at NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def held(session, now):
    """A session of class 1, seven on its roster of whom six came."""
    held = a_session()
    held.people = a_roster(held.training_class, *(f"Nguyễn Văn {name}" for name in "ABCDEGH"))
    for person in held.people[:6]:
        roll.mark(held, person, Mark.PRESENT, version=0, actor=None, now=NOW)
    db.session.commit()
    return held


@pytest.fixture
def trainer(held, sign_in):
    person = a_person("Kim Ngọc Diễm Hương", roles={Role.TRAINER})
    db.session.commit()
    return sign_in(person)


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_assessments_as_the_table_says(held, sign_in, role):
    test = a_test(held.training_class)
    an_attempt(test, held.people[0])
    a_paper_task(held.training_class)
    client = sign_in(a_person(roles={role}))
    db.session.commit()
    for url in READ:
        assert client.get(url).status_code == (200 if role in READERS else 403), url
    for url in WRITE:
        assert client.get(url).status_code == (200 if role is Role.TRAINER else 403), url
    if role is not Role.TRAINER:
        for url in (*ACTS, *WRITE[:6], *WRITE[7:]):
            assert client.post(url).status_code == 403, url


@pytest.mark.parametrize(
    "url",
    [
        "/trainings/classes/9/test",
        "/trainings/classes/9/marks",
        "/trainings/classes/9/feedback",
        "/trainings/questions/9/edit",
        "/trainings/attempts/9",
        f"{OF}/test/paste",
        f"{OF}/test/answers",
        "/trainings/papers/9/file",
        "/trainings/participants/99/papers",
        "/my-class/nobody/test",
        "/my-class/nobody/feedback",
        "/my-class/nobody/paper",
    ],
)
def test_what_is_not_on_record_is_a_404(trainer, url):
    assert trainer.get(url).status_code == 404


TIMES = {
    "title": "Kiểm tra cuối khóa",
    "opens_at": "08:00 20/11/2026",
    "closes_at": "11:00 20/11/2026",
    "minutes": "30",
}
QUESTION = {
    "kind": "single",
    "text": "Ai phát ngôn?",
    "points": "0,5",
    "options-0-text": "Người đứng đầu",
    "options-0-is_right": "y",
    "options-1-text": "Văn thư",
    "options-2-text": "",
}


def test_a_test_is_built_on_pages(trainer):
    assert "Lớp này chưa có bài kiểm tra" in trainer.get(f"{OF}/test").text
    assert trainer.post(f"{OF}/test/edit", data=TIMES).status_code == 303
    assert trainer.post(f"{OF}/test/questions/new", data=QUESTION).status_code == 303
    short = {"kind": "short", "text": "Bao lâu?", "points": "1", "accepted": "24 giờ\nmột ngày"}
    assert trainer.post(f"{OF}/test/questions/new", data=short | {"act": "another"}).location.endswith("/new")
    first, second = questions_of(1)
    assert (first.points, [option["right"] for option in first.options]) == (Decimal("0.50"), [True, False])
    assert (second.kind, second.accepted) == (Kind.SHORT, ["24 giờ", "một ngày"])
    page = trainer.get(f"{OF}/test").text
    assert "tổng 1,5 điểm" in page
    changed = QUESTION | {"text": "Ai chịu trách nhiệm?", "version": "1"}
    assert 'value="Văn thư"' in trainer.get("/trainings/questions/1/edit").text
    assert trainer.post("/trainings/questions/1/edit", data=changed).status_code == 303
    again = trainer.post("/trainings/questions/1/edit", data=changed | {"text": "Điều tôi gõ"})
    assert again.status_code == 409
    assert "Điều tôi gõ" in again.text
    trainer.post("/trainings/questions/1/move", data={"to": "down"})
    assert [row.id for row in questions_of(1)] == [2, 1]
    trainer.post("/trainings/questions/1/withdraw", data={"version": "3"})
    assert [row.id for row in questions_of(1)] in ([2], [2, 1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": "hai"},
        {"points": "0"},
        {"points": "0,001"},
        {"points": "1e99"},
        {"text": ""},
        {"kind": "other"},
        {"options-0-is_right": ""},
        {"options-1-text": ""},
        {"options-1-text": "Người đứng đầu"},
        {"options-1-text": "x" * 501},
    ],
)
def test_an_unsound_question_is_refused_with_what_was_typed(trainer, held, wrong):
    a_test(held.training_class)
    db.session.commit()
    data = {key: value for key, value in (QUESTION | wrong).items() if value or key != "options-0-is_right"}
    answer = trainer.post(f"{OF}/test/questions/new", data=data)
    assert answer.status_code == 422
    assert 'value="Người đứng đầu"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count(TestQuestion.id))) == 2


@pytest.mark.parametrize(
    "wrong", [{"closes_at": "07:00 20/11/2026"}, {"minutes": "400"}, {"minutes": "0"}, {"title": ""}]
)
def test_a_test_whose_times_cannot_be_is_refused(trainer, wrong):
    answer = trainer.post(f"{OF}/test/edit", data=TIMES | {"instructions": "Không dùng tài liệu"} | wrong)
    assert answer.status_code == 422
    assert "Không dùng tài liệu" in answer.text


def test_a_pasted_test_is_looked_at_before_it_is_added(trainer, held):
    a_test(held.training_class, one_choice())
    db.session.commit()
    text = "1. Hỏi? (2 điểm)\n*A. x\nB. y\n\n2. Bao lâu?\n= 24 giờ"
    looked = trainer.post(f"{OF}/test/paste", data={"lines": text, "act": "look"})
    assert "2 điểm" in looked.text
    assert len(questions_of(1)) == 1
    assert trainer.post(f"{OF}/test/paste", data={"lines": text, "act": "save"}).status_code == 303
    assert len(questions_of(1)) == 3
    bad = trainer.post(f"{OF}/test/paste", data={"lines": "1. Hỏi?\nA. x\nB. y", "act": "save"})
    assert bad.status_code == 422
    assert "Xin đánh dấu phương án đúng." in bad.text


def test_a_test_is_taken_over_from_another_class(trainer, held):
    other = a_class("Lớp 2", course=held.training_class.course)
    a_test(other)
    db.session.commit()
    data = {"source": str(other.id), "opens_at": "08:00 25/11/2026"}
    assert trainer.post(f"{OF}/test/copy", data=data).status_code == 303
    assert trainer.post(f"{OF}/test/copy", data=data).status_code == 409
    assert trainer.post(f"{OF}/test/copy", data=data | {"source": "77"}).status_code == 422


def own(held, place=0):
    return f"/my-class/{held.people[place].token}"


def test_a_test_is_taken_on_the_own_page_without_script(held, client):
    test = a_test(held.training_class, one_choice(), a_short_one("Bao lâu?", "24 giờ"))
    db.session.commit()
    url = f"{own(held)}/test"
    assert "Làm bài kiểm tra" in client.get(own(held)).text
    assert "Bắt đầu làm bài" in client.get(url).text
    assert client.post(f"{url}/start").status_code == 303
    first, second = questions_of(test.id)
    asked = [f"{first.id}:single", f"{second.id}:short"]
    sent = {"asked": asked, f"q-{first.id}": "1", f"q-{second.id}": "", "act": "review"}
    assert client.post(url, data=sent).location.endswith("/test/hand-in")
    review = client.get(f"{url}/hand-in").text
    assert "Chưa trả lời: câu 2." in review
    assert re.search(r'value="1" checked|checked[^>]*value="1"', client.get(url).text)
    sent |= {f"q-{second.id}": "24 GIỜ"}
    assert client.post(url, data=sent | {"act": "save"}).location.endswith("/test")
    assert client.post(f"{url}/hand-in").status_code == 303
    page = client.get(url).text
    assert "Đã trả lời 2 trên 2 câu" in page
    assert "Người đứng đầu" not in page, "others may still be at it"
    assert results_of(held.class_id)[held.people[0].id].mark == 10
    assert client.post(f"{url}/hand-in").status_code == 303
    assert client.post(url, data=sent).status_code == 303


def test_the_script_saves_each_answer_and_is_told_when_the_time_is_over(held, client, monkeypatch):
    test = a_test(held.training_class, one_choice(), minutes=10)
    attempt = an_attempt(test, held.people[0], handed_in=False)
    db.session.commit()
    (question,) = questions_of(test.id)
    url, sent = f"{own(held)}/test", {"asked": f"{question.id}:single", f"q-{question.id}": "1"}
    answer = client.post(url, data=sent, headers={"Accept": "application/json"})
    assert answer.get_json()["answered"] == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + HOUR / 4)
    late = client.post(url, data=sent | {f"q-{question.id}": "2"}, headers={"Accept": "application/json"})
    assert late.status_code == 409
    assert db.session.get(TestAttempt, attempt.id).answers == {str(question.id): [1]}
    assert "Hết giờ lúc" in client.get(url).text


def test_after_the_test_has_closed_the_mark_and_the_right_answers_are_shown(held, client, monkeypatch):
    test = a_test(held.training_class, one_choice())
    an_attempt(test, held.people[0], {questions_of(test.id)[0].id: [2]})
    db.session.commit()
    monkeypatch.setattr(clock, "now", lambda: NOW + 2 * HOUR)
    page = client.get(f"{own(held)}/test").text
    assert "Điểm: 0 trên 10" in page
    assert "Người đứng đầu" in page
    assert "Chưa có bài làm" in client.get(f"{own(held, 1)}/test").text
    assert "Kết quả bài kiểm tra" in client.get(own(held)).text


@pytest.mark.parametrize(
    "sent",
    [
        {"asked": ["x", "1", "99999999999:single", "1:short", ":", "1:single"], "q-1": ["x", "-1", "9999999999"]},
        {"asked": ["1:single", "2:several"], "q-1": "1", "q-2": ["1", "1", "1"], "act": "nothing"},
        {},
    ],
)
def test_nothing_that_is_sent_to_a_test_breaks_it(held, client, sent):
    an_attempt(a_test(held.training_class), held.people[0], handed_in=False)
    db.session.commit()
    assert client.post(f"{own(held)}/test", data=sent).status_code == 303


def test_a_waiting_person_is_told_and_cannot_begin(held, client):
    a_test(held.training_class)
    held.people[0].waiting_at = NOW
    db.session.commit()
    assert "danh sách chờ" in client.get(f"{own(held)}/test").text
    assert client.post(f"{own(held)}/test/start").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(TestAttempt.id))) == 0


def test_short_answers_are_marked_once_for_all_who_gave_them(trainer, held):
    test = a_test(held.training_class, a_short_one("Bao lâu?", "24 giờ", points=2))
    (question,) = questions_of(test.id)
    for person, words in zip(held.people, ("Một ngày", "một  ngày.", "24 giờ"), strict=False):
        an_attempt(test, person, {question.id: words})
    db.session.commit()
    page = trainer.get(f"{OF}/test/answers").text
    (name,) = re.findall(r'name="(points-[^"]+)"', page)
    assert "1 câu trả lời ngắn khác nhau" in trainer.get(f"{OF}/test").text
    for wrong in ("3", "x", "NaN", "-1", "0,001", "1e99"):
        assert trainer.post(f"{OF}/test/answers", data={name: wrong}).status_code == 422
    assert trainer.post(f"{OF}/test/answers", data={name: "1,5"}).status_code == 303
    marks = results_of(held.class_id)
    assert [marks[person.id].mark for person in held.people[:3]] == [Decimal("7.50"), Decimal("7.50"), 10]


def test_an_attempt_is_shown_and_annulled_with_a_reason(trainer, held):
    attempt = an_attempt(a_test(held.training_class), held.people[0])
    db.session.commit()
    assert "Nguyễn Văn A" in trainer.get(f"/trainings/attempts/{attempt.id}").text
    url = f"/trainings/attempts/{attempt.id}/annul"
    assert trainer.post(url, data={"version": attempt.version}).status_code == 422
    data = {"version": attempt.version, "reason": "Điện thoại hỏng"}
    assert trainer.post(url, data=data | {"version": "9"}).status_code == 409
    assert trainer.post(url, data=data).status_code == 303
    assert "Điện thoại hỏng" in trainer.get(f"/trainings/attempts/{attempt.id}").text


def row(person, mark, version=0, was="", remark=""):
    key = person.id
    return {
        f"mark-{key}": mark,
        f"was-{key}": was,
        f"version-{key}": version,
        f"remark-{key}": remark,
        f"noted-{key}": "",
    }


def test_marks_are_typed_and_a_wrong_one_loses_nothing(trainer, held):
    one, two = held.people[:2]
    bad = trainer.post(f"{OF}/marks/save", data=row(one, "8,5") | row(two, "11"))
    assert bad.status_code == 422
    assert 'value="8,5"' in bad.text
    assert "“11” không phải điểm" in bad.text
    assert trainer.post(f"{OF}/marks/save", data=row(one, "8,5") | row(two, "7", remark="Vấn đáp")).status_code == 303
    assert results_of(1)[one.id].mark == Decimal("8.50")
    contested = trainer.post(f"{OF}/marks/save", data=row(one, "5"))
    assert contested.status_code == 409
    assert 'value="5"' in contested.text
    assert "hiện có: 8,5" in contested.text
    assert results_of(1)[one.id].mark == Decimal("8.50")


def test_marks_are_imported_from_the_downloaded_sheet(trainer, held):
    sheet = load_workbook(BytesIO(trainer.get(f"{OF}/marks.xlsx").data))
    cells = sheet.active
    assert [cell.value for cell in cells[3]][:3] == [1, "A01", "Nguyễn Văn A"]
    cells["F3"], cells["F4"], cells["F5"] = 8.25, 9, "mười"
    filled = BytesIO()
    sheet.save(filled)
    url = f"{OF}/marks/import"
    looked = trainer.post(url, data={"file": (BytesIO(filled.getvalue()), "diem.xlsx"), "act": "look"})
    assert looked.status_code == 200
    assert "Lưu điểm 2 người" in looked.text
    assert all(result.mark is None for result in results_of(1).values())
    text = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", looked.text, re.DOTALL)[1]
    assert trainer.post(url, data={"lines": text, "act": "save"}).status_code == 303
    marks = results_of(1)
    assert [marks[person.id].mark for person in held.people[:3]] == [Decimal("8.25"), Decimal("9.00"), None]
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "mark:export")) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("diem.csv", "Mã;Họ tên;Điểm\nA01;Nguyễn Văn A;8,5\n".encode("utf-8-sig")),
        ("diem.csv", "Mã,Họ tên,Điểm\nA01,Nguyễn Văn A,8.5\n".encode()),
        ("diem.txt", "A01\t8,5".encode("utf-16")),
    ],
)
def test_marks_are_read_from_any_csv(trainer, name, content):
    answer = trainer.post(f"{OF}/marks/import", data={"file": (BytesIO(content), name), "act": "look"})
    assert "Lưu điểm 1 người" in answer.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("diem.xlsx", b"PK\x03\x04no", "không phải là sổ tính Excel"),
        ("diem.xlsx", b"", "rỗng"),
        ("diem.pdf", PDF, "không phải là sổ tính Excel"),
        ("diem.csv", b"\x00\x01\xff", "Không nhận ra bảng mã"),
        ("x.xlsm", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "tệp Excel cũ"),
    ],
)
def test_what_is_no_list_is_refused_in_words(trainer, name, content, said):
    answer = trainer.post(f"{OF}/marks/import", data={"file": (BytesIO(content), name), "act": "look"})
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("fault", sorted(BROKEN_SHEETS))
def test_a_broken_or_bloated_excel_sheet_is_refused_in_words(trainer, fault):
    answer = trainer.post(f"{OF}/marks/import", data={"file": (broken_sheet(fault), "diem.xlsx"), "act": "look"})
    assert answer.status_code == 422
    assert "không phải là sổ tính Excel" in answer.text or "quá lớn khi giải nén" in answer.text


def test_an_empty_book_and_nothing_at_all_are_refused(trainer):
    out = BytesIO()
    Workbook().save(out)
    sent = {"file": (BytesIO(out.getvalue()), "diem.xlsx"), "act": "save"}
    assert trainer.post(f"{OF}/marks/import", data=sent).status_code == 422
    assert trainer.post(f"{OF}/marks/import", data={"act": "look"}).status_code == 422


def test_a_paper_is_handed_in_by_the_person_and_judged_by_the_trainer(trainer, held):
    assert trainer.get(f"{own(held)}/paper").status_code == 404
    task = {"task": "Tự đánh giá công tác phát ngôn", "due_at": "17:00 30/11/2026", "version": "0"}
    assert trainer.post(f"{OF}/paper", data=task).status_code == 303
    assert trainer.post(f"{OF}/paper", data=task).status_code == 409
    assert "Bài thu hoạch" in trainer.get(own(held)).text
    assert trainer.post(f"{own(held)}/paper", data={}).status_code == 422
    wrong = {"file": (BytesIO(b"MZ"), "bai.exe")}
    assert trainer.post(f"{own(held)}/paper", data=wrong).status_code == 422
    sent = {"file": (BytesIO(PDF), "Bài thu hoạch.pdf")}
    assert trainer.post(f"{own(held)}/paper", data=sent).status_code == 303
    page = trainer.get(f"/trainings/participants/{held.people[0].id}/papers").text
    assert "Bài thu hoạch.pdf" in page
    assert trainer.get("/trainings/papers/1/file").data == PDF
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "paper:read")) == 1
    judged = {"verdict": "returned", "version": "1"}
    assert trainer.post("/trainings/papers/1/judge", data=judged).status_code == 422
    assert trainer.post("/trainings/papers/1/judge", data=judged | {"remark": "Thiếu liên hệ"}).status_code == 303
    assert "Thiếu liên hệ" in trainer.get(f"{own(held)}/paper").text
    assert not results_of(1)[held.people[0].id].paper
    passed = {"verdict": "passed", "mark": "8,5", "version": "1"}
    assert trainer.post("/trainings/papers/1/judge", data=passed).status_code == 409


def test_a_paper_on_paper_is_taken_in_by_the_trainer(trainer, held):
    url = f"/trainings/participants/{held.people[1].id}/papers"
    assert trainer.post(url, data={}).status_code == 303
    assert trainer.get("/trainings/papers/1/file").status_code == 404
    passed = {"verdict": "passed", "mark": "8,5", "version": "1"}
    assert trainer.post("/trainings/papers/1/judge", data=passed | {"mark": "12"}).status_code == 422
    assert trainer.post("/trainings/papers/1/judge", data=passed).status_code == 303
    assert db.session.get(FinalPaper, 1).verdict is Verdict.PASSED
    assert "Đạt, 8,5" in trainer.get(f"{OF}/marks").text


def test_feedback_is_asked_given_and_shown_as_a_picture_with_its_table(trainer, held):
    assert "Nội dung thiết thực" in trainer.get(f"{OF}/feedback/edit").text
    plan = {"lines": "Nội dung thiết thực\n? Góp ý", "opens_at": "08:00 01/11/2026", "closes_at": "17:00 30/12/2026"}
    for wrong in ({"lines": ""}, {"lines": "?"}, {"closes_at": "17:00 30/10/2026"}):
        assert trainer.post(f"{OF}/feedback/edit", data=plan | wrong).status_code == 422
    assert trainer.post(f"{OF}/feedback/edit", data=plan).status_code == 303
    scale, free = asked_of(1)
    assert "Cho ý kiến về lớp học" in trainer.get(own(held)).text
    assert "Cho ý kiến về lớp học" not in trainer.get(own(held, 6)).text, "who did not attend is not asked"
    assert trainer.post(f"{own(held, 6)}/feedback", data={f"q-{scale.id}": "5"}).status_code == 409
    assert trainer.post(f"{own(held)}/feedback", data={}).status_code == 422
    for place, value in enumerate("55432"):
        sent = {f"q-{scale.id}": value, f"q-{free.id}": f"Ý kiến {place}"}
        assert trainer.post(f"{own(held, place)}/feedback", data=sent).status_code == 303
        shown = '<svg class="chart" viewBox="0 0 640' in trainer.get(f"{OF}/feedback").text
        assert shown == (place == 4)
    assert trainer.post(f"{own(held)}/feedback", data=sent).status_code == 409
    assert "Xin cảm ơn" in trainer.get(f"{own(held)}/feedback").text
    page = trainer.get(f"{OF}/feedback").text
    assert "5 trên 6 người dự lớp" in page
    assert "Ý kiến 3" in page
    assert "3.8" in page or "3,8" in page
    changed = plan | {"lines": "Câu khác", "version": "1"}
    assert trainer.post(f"{OF}/feedback/edit", data=changed).status_code == 422
    assert (
        trainer.post(f"{OF}/feedback/edit", data=plan | {"closes_at": "17:00 31/12/2026", "version": "1"}).status_code
        == 303
    )


def test_feedback_pages_say_when_it_is_over(held, client, monkeypatch):
    a_feedback(held.training_class)
    db.session.commit()
    monkeypatch.setattr(clock, "now", lambda: NOW + 48 * HOUR)
    assert "Hiện không lấy ý kiến" in client.get(f"{own(held)}/feedback").text
    assert "Cho ý kiến" not in client.get(own(held)).text


def test_a_cancelled_class_offers_no_test_and_takes_no_paper(held, client):
    a_test(held.training_class)
    a_paper_task(held.training_class)
    held.training_class.cancelled_at, held.training_class.cancelled_because = NOW, "Trùng kỳ họp"
    db.session.commit()
    assert "Làm bài kiểm tra" not in client.get(own(held)).text
    assert "đã hủy" in client.get(f"{own(held)}/test").text
    client.post(f"{own(held)}/test/start")
    assert db.session.scalar(sa.select(sa.func.count(TestAttempt.id))) == 0
    assert client.post(f"{own(held)}/paper", data={"file": (BytesIO(PDF), "bai.pdf")}).status_code == 409

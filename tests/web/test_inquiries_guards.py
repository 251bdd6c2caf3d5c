"""What a stranger, an unlucky moment or odd input must not be able to do to a case."""

import io
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import take_turn
from pr_tracker.config import flask_settings, read
from pr_tracker.db import db
from pr_tracker.errors import NotAllowed, NotFound
from pr_tracker.inquiries.actions import answer, handling, intake, sealing
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Channel, Kind
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry, refused
from tests.pdf.reading import pages
from tests.web.test_inquiries_intake import PDF, typed


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


@pytest.fixture
def related(province, session):
    """A case of one department, and its follow-up that is another's."""
    parent = an_inquiry(province, status=Status.ASSIGNED, subject="Đường ngập ở khu cũ")
    child = an_inquiry(province, parent=parent, subject="Khoản chi chống ngập")
    handling.assign(child, province.other, actor=province.clerk, now=NOW)
    session.commit()
    return parent, child


@pytest.mark.parametrize("paper", ["", "/sheet.pdf"])
def test_a_related_case_is_named_only_to_who_may_see_it(province, related, sign_in, paper):
    parent, child = related

    def seen(person, inquiry):
        page = sign_in(person).get(f"/inquiries/{inquiry.id}{paper}")
        assert page.status_code == 200
        return " ".join(" ".join(pages(page.data)).split()) if paper else page.text

    assert "Khoản chi chống ngập" not in seen(province.drafter, parent)
    assert "Đường ngập ở khu cũ" not in seen(province.stranger, child)
    assert "Khoản chi chống ngập" in seen(province.clerk, parent)
    assert "Đường ngập ở khu cũ" in seen(province.supervisor, child)


def _asked_another(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    handling.ask_take_over(inquiry, province.other, "Đúng lĩnh vực", actor=province.drafter, now=NOW)
    return inquiry


@pytest.mark.parametrize(
    "ends",
    [
        lambda case, p: answer.withdraw(case, "Báo gọi điện rút", actor=p.drafter, now=NOW),
        lambda case, p: refused(case, p),
        lambda case, p: handling.assign(case, p.department, actor=p.clerk, now=NOW),
        lambda case, p: handling.take_over(case, actor=p.clerk, now=NOW),
    ],
    ids=["withdrawn", "refused", "assigned anew", "taken over"],
)
def test_a_request_to_take_over_does_not_outlive_its_purpose(province, session, ends):
    province.office.head = province.clerk
    inquiry = _asked_another(province)
    assert get_visible(inquiry.id, province.stranger) is inquiry
    ends(inquiry, province)
    session.flush()
    with pytest.raises(NotFound):
        get_visible(inquiry.id, province.stranger)


def test_nobody_approves_their_own_words_that_a_colleague_saved_again(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    answer.save_and_submit(inquiry, "Sở đã khơi thông cống.", actor=province.deputy, now=NOW)
    answer.save_and_submit(inquiry, "Sở đã khơi thông cống.", actor=province.drafter, now=NOW)
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.deputy, now=NOW)
    sealing.approve(inquiry, actor=province.head, now=NOW)


def test_a_follow_up_and_an_act_on_its_parent_do_not_lock_each_other_out(app, province, session):
    parent_id, clerk_id = an_inquiry(province).id, province.clerk.id
    session.commit()
    locked, turned, failures = Event(), Event(), []

    def comment():
        parent, clerk = get_visible(parent_id, db.session.get(Person, clerk_id), to_change=True), clerk_of()
        locked.set()
        turned.wait(1)  # SQLite lets the other begin only after our commit
        handling.comment(parent, "Báo hỏi thêm", actor=clerk, now=NOW)

    def follow_up():
        locked.wait(60)
        take_turn()
        turned.set()
        parent = db.session.get(Inquiry, parent_id)
        new = intake.NewInquiry(
            subject="Hỏi tiếp",
            questions=["Bao giờ xong?"],
            outlet=parent.outlet,
            journalists=[],
            channel=Channel.PHONE,
            kind=Kind.QUESTION,
            received_at=NOW,
            parent=parent,
        )
        intake.log_inquiry(new, actor=clerk_of(), now=NOW)

    def clerk_of():
        return db.session.get(Person, clerk_id)

    def run(act):
        with app.app_context():
            try:
                act()
                db.session.commit()
            except Exception as error:
                failures.append(error)

    threads = [Thread(target=run, args=(act,)) for act in (comment, follow_up)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_form_sent_twice_at_the_same_moment_logs_once(province, session, sign_in, monkeypatch):
    session.commit()
    client, fields = sign_in(province.clerk), typed(once="0123456789abcdef0123456789abcdef", received_at=None)
    fields["received_at"] = "2026-11-20T08:00"
    first = client.post("/inquiries/new", data=fields)
    find, answers = lists.find_logged_by_form, iter([None])
    monkeypatch.setattr(lists, "find_logged_by_form", lambda token: next(answers, find(token)))
    again = client.post("/inquiries/new", data=fields)
    assert (again.status_code, again.location) == (303, first.location)
    assert session.scalar(sa.select(sa.func.count()).select_from(Inquiry)) == 1


@pytest.mark.parametrize("name", ["Trễ\x00hạn", "\u0958" * 60, "  \x00  "])
def test_no_name_of_a_saved_view_is_an_error_of_ours(province, session, sign_in, name):
    session.commit()
    answer = sign_in(province.clerk).post("/saved-views", data={"name": name, "query": "late=1&q=%00"})
    assert answer.status_code == 303


@pytest.mark.parametrize("lead", ["99999999999999999999", "-1", "abc", "1e3"])
@pytest.mark.parametrize("page", ["/inquiries/preview", "/inquiries/new"])
def test_no_lead_agency_that_is_typed_in_is_an_error_of_ours(province, session, sign_in, page, lead):
    session.commit()
    assert sign_in(province.clerk).post(page, data=typed(lead_id=lead)).status_code in (200, 422)


def test_a_bad_file_leaves_no_other_of_the_same_form_behind(app, province, session, sign_in):
    session.commit()
    store = Path(app.config["PR_TRACKER_UPLOAD_FOLDER"])
    before = sorted(store.glob("*"))
    files = [(io.BytesIO(PDF), "a.pdf"), (io.BytesIO(b"MZ bad"), "b.pdf")]
    bad = sign_in(province.clerk).post(
        "/inquiries/new", data=typed(files=files, received_at="2026-11-20T08:00"), content_type="multipart/form-data"
    )
    assert bad.status_code == 422
    assert sorted(store.glob("*")) == before


def test_a_file_name_on_two_lines_is_kept_on_one(province, session, sign_in):
    inquiry = an_inquiry(province)
    session.commit()
    body = (
        f'--x\r\nContent-Disposition: form-data; name="seen"\r\n\r\n{inquiry.version}\r\n--x\r\n'
        "Content-Disposition: form-data; name=\"files\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b.pdf\r\n"
        f"Content-Type: application/pdf\r\n\r\n{PDF.decode()}\r\n--x--\r\n"
    )
    client = sign_in(province.clerk)
    sent = client.post(f"/inquiries/{inquiry.id}/files", data=body, content_type="multipart/form-data; boundary=x")
    assert sent.status_code == 303
    session.rollback()
    kept = session.scalars(sa.select(Attachment)).one()
    assert "\n" not in kept.file_name
    assert client.get(f"/inquiries/{inquiry.id}/files/{kept.id}").status_code == 200


def test_an_error_of_the_database_does_not_tell_the_log_what_was_typed():
    engine = sa.create_engine("sqlite://", **flask_settings(read({}))["SQLALCHEMY_ENGINE_OPTIONS"])
    with pytest.raises(sa.exc.DBAPIError) as caught, engine.connect() as connection:
        connection.execute(sa.text("SELECT nothing FROM nowhere WHERE phone = :phone"), {"phone": "0912 345 678"})
    assert "0912" not in str(caught.value)


def test_the_audit_log_tells_an_administrator_that_something_was_said_but_not_what(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    handling.comment(inquiry, "Chủ đầu tư chưa trả lời", actor=province.drafter, now=NOW)
    administrator = a_person("Mai Quản Trị", agency=province.other, roles=(Role.ADMIN, Role.STAFF))
    of_the_office = a_person("Hồ Quản Trị", agency=province.office, roles=(Role.ADMIN, Role.STAFF))
    session.commit()
    page = sign_in(administrator).get("/audit").text
    assert "Nguyễn Chuyên Viên" in page
    assert "Chủ đầu tư chưa trả lời" not in page
    assert "Chủ đầu tư chưa trả lời" in sign_in(of_the_office).get("/audit").text


@pytest.mark.parametrize("target", ["http://[", "//[::1", "/\t/evil.example", "https:evil.example", "\\\\evil.example"])
def test_no_way_back_that_is_typed_in_leads_elsewhere_or_fails(client, target):
    answer = client.post("/language", data={"language": "en", "next": target})
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize(
    ("questions", "status"),
    [("Vì sao?\n" * 30, 303), ("Vì sao?\n" * 31, 422), ("v" * 4000, 303), ("v" * 4001, 422)],
    ids=["thirty", "one more", "a page", "longer"],
)
def test_a_whole_file_is_attached_not_typed_as_questions(province, session, sign_in, questions, status):
    session.commit()
    fields = typed(received_at="2026-11-20T08:00", questions=questions)
    answer = sign_in(province.clerk).post("/inquiries/new", data=fields)
    assert answer.status_code == status


def test_a_follow_up_whose_parent_went_to_another_agency_is_given_back(province, related, sign_in):
    _parent, child = related
    answer = sign_in(province.drafter).post("/inquiries/new", data=typed(follows=str(child.id)))
    assert answer.status_code == 404
    assert "Kinh phí từ đâu?" in answer.text
    assert "Khoản chi chống ngập" not in answer.text

"""The attendance sheet says who should be there and leaves room to sign; with marks it says how the roll call went."""

from io import BytesIO

import pytest

from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import roll
from pr_tracker.trainings.documents import write_sheet
from pr_tracker.trainings.models import ClassVenue
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.roll import roll_of
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.trainings import a_class, a_course, a_roster, a_session
from tests.pdf.reading import pages, words


@pytest.fixture
def held(session):
    """A session of a class held by an office below the province, with three on the roster."""
    office = an_agency("Văn phòng Thử nghiệm", superior=an_agency("Ủy ban nhân dân tỉnh Thử nghiệm"))
    one = a_class("Lớp 2", course=a_course("Tập huấn phát ngôn", agency=office))
    a_roster(one, Entry("Lý Quốc Bảo", "Giám đốc", "Sở Tài chính"), "Danh Hoàng Út Ân", "Đỗ Nguyễn Hoàng Khôi")
    return a_session("Kỹ năng trả lời phỏng vấn", of=one)


def sheet(held, *, filled):
    out = BytesIO()
    write_sheet(held, out, place="An Giang", filled=filled)
    return out.getvalue()


def test_the_sheet_to_sign_names_class_session_and_everybody_by_given_name(held):
    text = words(sheet(held, filled=False))
    for said in (
        "VĂN PHÒNG THỬ NGHIỆM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "An Giang, ngày 25 tháng 11 năm 2026",
        "DANH SÁCH ĐIỂM DANH",
        "Tập huấn phát ngôn, Lớp 2",
        "Buổi 1: Kỹ năng trả lời phỏng vấn",
        "08:00–11:00 ngày 25/11/2026",
        "STT Mã Họ và tên Chức vụ Đơn vị Ký tên Ghi chú",
        "Danh sách có 3 người",
    ):
        assert said in text
    assert text.index("Danh Hoàng Út Ân") < text.index("Lý Quốc Bảo") < text.index("Đỗ Nguyễn Hoàng Khôi")
    assert "Có mặt" not in text


def test_the_sheet_with_marks_says_who_was_there_and_counts(held):
    first, second, _ = [row.id for row in a_rows(held)]
    sent = {first: (Mark.PRESENT, "", 0), second: (Mark.EXCUSED, "Giấy số 31", 0)}
    roll.mark_many(held, sent, actor=a_person(roles={Role.TRAINER}), now=NOW)
    db.session.flush()
    text = words(sheet(held, filled=True))
    assert "A01 Danh Hoàng Út Ân Có mặt" in text
    assert "A02 Lý Quốc Bảo Giám đốc Sở Tài chính Vắng có phép Giấy số 31" in text
    assert "A03 Đỗ Nguyễn Hoàng Khôi Chưa ghi" in text
    assert "3 người: có mặt 1, đi muộn 0, về sớm 0, vắng có phép 1, vắng 0, chưa ghi 1." in text


def a_rows(held):

    return roll_of(held)


def test_the_signatures_never_stand_alone_on_a_page(held):
    for extra in range(1, 40, 3):
        a_roster(held.training_class, *(f"Học Viên {extra} {n}" for n in range(3)))
        last = pages(sheet(held, filled=False))[-1]
        assert "Danh sách có" in last


def test_a_sheet_of_two_hundred_and_twelve_repeats_its_head_on_each_page(held):
    a_roster(held.training_class, *(f"Học Viên Số {n}" for n in range(209)))
    paper = pages(sheet(held, filled=False))
    assert all("Họ và tên" in page for page in paper[:-1])
    assert "C14" in "".join(paper)
    assert "Danh sách có 212 người" in paper[-1]


def test_a_class_without_anybody_prints_too(session):
    assert "Chưa có học viên trong danh sách" in words(sheet(a_session(), filled=False))


def test_the_sheet_of_a_remote_venue_lists_who_sits_there(held):
    venue = ClassVenue(class_id=held.class_id, name="Kiên Hải", name_key="kien hai", created_at=NOW)
    db.session.add(venue)
    db.session.flush()
    db.session.get(Participant, a_rows(held)[0].id).venue_id = venue.id
    db.session.flush()
    out = BytesIO()
    write_sheet(held, out, place="An Giang", filled=False, venue=(venue.id, venue.name))
    text = words(out.getvalue())
    assert "Điểm cầu: Kiên Hải" in text
    assert "Danh Hoàng Út Ân" in text
    assert "Lý Quốc Bảo" not in text
    assert "m đi muộn" in text

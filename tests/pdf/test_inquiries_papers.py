"""The two papers of the press desk, read back: the case sheet and the register of a period."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.actions import handling, sealing
from pr_tracker.inquiries.actions.intake import LONGEST_QUESTION
from pr_tracker.inquiries.documents import write_case_sheet
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind, RefusalGround, Sensitivity, Urgency
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Role
from pr_tracker.reports.documents.register import write_register
from pr_tracker.reports.queries.register import blame, register_rows
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.inquiries import Province, an_inquiry, refused
from tests.factories.outlets import a_journalist, an_outlet
from tests.factories.parts import a_part, a_sent_part
from tests.pdf.reading import fonts, pages, read, words, written

LATER = NOW + timedelta(hours=1)
NOVEMBER = Filters(since=datetime(2026, 11, 1).date(), until=datetime(2026, 11, 30).date())
SECTIONS = (
    "I. Thông tin đề nghị",
    "II. Thời hạn",
    "III. Phân công, phối hợp",
    "IV. Nội dung trả lời",
    "V. Diễn biến xử lý",
    "VI. Giải trình thời hạn",
)


@pytest.fixture
def province(session):
    province = Province()
    province.top = an_agency(
        "Ủy ban nhân dân tỉnh An Giang", kind=AgencyKind.PROVINCE, signing_form=SigningForm.COLLECTIVE
    )
    province.office.superior = province.department.superior = province.top
    return province


def sheet(inquiry, now=LATER):
    out = BytesIO()
    write_case_sheet(inquiry, out, actor=None, place="An Giang", now=now, typeface="packaged")
    return out.getvalue()


def register(keeper, rows=None, filters=NOVEMBER, now=LATER):
    out = BytesIO()
    rows = register_rows(None, filters, now) if rows is None else rows
    write_register(
        rows, blame(None, filters, now), filters, out, keeper=keeper, place="An Giang", now=now, typeface="packaged"
    )
    return out.getvalue()


# The case sheet


def test_the_case_sheet_tells_the_whole_case(province):
    outlet = an_outlet("Báo Nhịp sống Miền Tây")
    journalists = [
        a_journalist("Đoàn Nhật Vy", outlet=outlet, press_card="IBT-00123"),
        a_journalist("Lý Sa Rương", outlet=outlet, letter_number="12/GGT", letter_on=datetime(2026, 11, 2).date()),
    ]
    parent = an_inquiry(province, subject="Đợt ngập tháng 9")
    inquiry = an_inquiry(
        province,
        status=Status.ANSWERED,
        kind=Kind.ANSWER_ON_PRESS,
        outlet=outlet,
        journalists=journalists,
        received_at=NOW - timedelta(hours=3),
        acknowledged_at=NOW - timedelta(hours=2),
        wanted_at=NOW + timedelta(hours=2),
        urgency=Urgency.URGENT,
        sensitivity=Sensitivity.SENSITIVE,
        parent=parent,
        questions=("Bao giờ khơi thông?", "Ai chịu trách nhiệm?"),
    )
    text = words(sheet(inquiry))
    assert [section for section in SECTIONS if section in text] == list(SECTIONS)
    for wanted in (
        "PHIẾU XỬ LÝ Đề nghị của báo chí số ĐN-2026-0002: Đường vào khu tái định cư ngập sau mưa",
        "An Giang, ngày 20 tháng 11 năm 2026",
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG SỞ XÂY DỰNG",
        "KHẨN",
        "Báo Nhịp sống Miền Tây (báo in)",
        "Đoàn Nhật Vy, thẻ nhà báo số IBT-00123 Lý Sa Rương, giấy giới thiệu số 12/GGT ngày 02/11/2026",
        "Nhận lúc 13:30 20/11/2026",
        "Vào sổ 16:30 20/11/2026, Trần Văn Thư, Văn phòng Ủy ban nhân dân tỉnh",
        "Báo lại đã nhận 14:30 20/11/2026",
        "Báo cần trước 18:30 20/11/2026",
        "Độ khẩn Khẩn",
        "Tính chất",
        "Tiếp theo đề nghị ĐN-2026-0001: Đợt ngập tháng 9",
        "1. Bao giờ khơi thông? 2. Ai chịu trách nhiệm?",
        "Hạn trả lời Hết thứ Hai 21/12/2026",
        "Kết quả thời hạn Đúng hạn, sớm 31 ngày",
        "khoản 1 Điều 32 Luật Báo chí",
        "Đơn vị chủ trì Sở Xây dựng",
        "Người đứng đầu chịu trách nhiệm Lê Giám Đốc, Giám đốc",
        "Chuyên viên xử lý Nguyễn Chuyên Viên",
        "Bản được duyệt Bản 1 Đơn vị chủ trì duyệt Phạm Phó, Phó Giám đốc, 16:30 20/11/2026",
        "UBND tỉnh duyệt Hồ Chủ Tịch, Chủ tịch, 16:30 20/11/2026",
        "Trả lời lúc 16:30 20/11/2026 Người phát ngôn Lê Giám Đốc, Giám đốc (người đứng đầu cơ quan)",
        "Minh chứng Công văn số 12/SXD-VP",
        "Nguyên văn bản đã duyệt: Sở đã kiểm tra hiện trường.",
        "- Văn phòng Ủy ban nhân dân tỉnh; - Lưu: hồ sơ ĐN-2026-0002.",
        "GIÁM ĐỐC",
    ):
        assert wanted.lower() in text.lower(), wanted
    assert inquiry.approved_draft.digest in text.replace(" ", "")


def test_the_case_sheet_is_internal_so_it_has_no_number_line_and_no_draft_mark(province):
    text = words(sheet(an_inquiry(province, status=Status.ANSWERED)))
    assert "DỰ THẢO" not in text
    assert "Số:" not in text


@pytest.mark.parametrize("status", Status)
def test_every_state_has_its_sheet_with_every_section_and_the_word_of_the_state(province, status):
    text = words(sheet(an_inquiry(province, status=status)))
    assert all(section in text for section in SECTIONS)
    with force_locale("vi"):
        assert f"Tình trạng {labels.STATUS[status]}" in text


@pytest.mark.parametrize("status", [Status.DRAFTING, Status.IN_REVIEW, Status.RETURNED])
def test_a_text_that_nobody_approved_is_not_printed(province, status):
    text = words(sheet(an_inquiry(province, status=status)))
    assert "Chưa có nội dung trả lời được duyệt." in text
    assert "Sở đã kiểm tra hiện trường." not in text


def test_an_approved_text_that_has_not_left_the_house_says_so(province):
    assert "Phát hành Chưa phát hành" in words(sheet(an_inquiry(province, status=Status.APPROVED)))


@pytest.mark.parametrize("ground", [g for g in RefusalGround if g is not RefusalGround.DRAFT_POLICY])
def test_a_refusal_shows_ground_article_and_the_reason_given(province, ground):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    refused(inquiry, province, ground=ground, reason="Chưa có kết luận thanh tra")
    text = words(sheet(inquiry))
    with force_locale("vi"):
        assert str(labels.GROUND[ground]) in text
        assert str(labels.GROUND_ARTICLE[ground]) in text
    assert "Lý do đã nêu với cơ quan báo chí: Chưa có kết luận thanh tra" in text


def test_a_withdrawal_within_the_term_is_neither_on_time_nor_late(province):
    text = words(sheet(an_inquiry(province, status=Status.WITHDRAWN)))
    assert "Kết quả Cơ quan báo chí đã rút đề nghị" in text
    assert "Báo điện thoại rút câu hỏi" in text
    assert "Kết quả thời hạn Báo rút đề nghị khi còn hạn" in text


def test_an_open_case_says_until_when_its_clock_was_read(province):
    assert "tính đến 17:30 20/11/2026" in words(sheet(an_inquiry(province)))


def test_coordinating_agencies_stand_with_task_due_time_and_what_they_sent(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    third = an_agency("Sở Y tế", superior=province.top)
    for agency, task in ((province.other, "Kinh phí nạo vét"), (third, "Số ca bệnh đường ruột")):
        a_part(inquiry, agency, task, actor=province.head, now=NOW)
    a_sent_part(inquiry, "Đã chi 12,4 tỷ đồng.", actor=province.other_head, now=NOW)
    handling.add_watcher(inquiry, an_agency("Thanh tra tỉnh"), actor=province.head, now=NOW)
    text = words(sheet(inquiry))
    assert (
        "1 Sở Tài chính Kinh phí nạo vét Đã gửi (bản 1): Đã chi 12,4 tỷ đồng. 23/11/2026 16:30 20/11/2026 Đỗ Giám Đốc"
        in text
    )
    assert "2 Sở Y tế Số ca bệnh đường ruột 23/11/2026 Chưa gửi" in text
    assert "Đơn vị nhận để biết Thanh tra tỉnh" in text
    assert "- Sở Tài chính; - Sở Y tế; - Văn phòng Ủy ban nhân dân tỉnh; - Lưu: hồ sơ" in text


def test_sixty_lines_of_history_are_all_there_the_oldest_first(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    for number in range(60):
        handling.comment(inquiry, f"Trao đổi số {number:02}", actor=province.drafter, now=NOW)
    paper = sheet(inquiry)
    assert [int(found) for found in re.findall(r"“Trao đổi số (\d\d)”", words(paper))] == list(range(60))
    assert len(pages(paper)) > 3


def test_who_read_a_file_is_not_part_of_the_course(province):
    from pr_tracker.inquiries.actions.beats import note
    from pr_tracker.inquiries.rules_events import InquiryEvent

    inquiry = an_inquiry(province)
    note(inquiry, InquiryEvent.DOWNLOAD, actor=province.clerk, now=NOW, file="bi-mat-nghe-nghiep.pdf")
    assert "bi-mat-nghe-nghiep" not in words(sheet(inquiry))


def test_an_unassigned_case_is_headed_by_who_took_it_in(province):
    a_person("Tô Nhân Nghĩa", agency=province.office, roles=(Role.HEAD,), title="Chánh Văn phòng")
    text = words(sheet(an_inquiry(province)))
    assert "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH" in text
    assert "Chưa phân công đơn vị chủ trì." in text
    assert "CHÁNH VĂN PHÒNG" in text


def test_a_peoples_committee_signs_on_its_own_behalf_and_names_no_superior(province):
    ward = an_agency(
        "Ủy ban nhân dân phường Rạch Giá",
        kind=AgencyKind.COMMUNE,
        superior=province.top,
        signing_form=SigningForm.COLLECTIVE,
    )
    a_person("Hà Thị Chủ Tịch", agency=ward, roles=(Role.HEAD,), title="Chủ tịch UBND phường")
    inquiry = an_inquiry(province)
    handling.assign(inquiry, ward, actor=province.clerk, now=NOW)
    lines = [line.text for line in written(sheet(inquiry))]
    at = lines.index("TM. ỦY BAN NHÂN DÂN")
    assert lines[at : at + 3] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Hà Thị Chủ Tịch"]
    assert "TỈNH AN GIANG" not in " ".join(lines)


@pytest.mark.parametrize("face", ["subject", "question", "answer"])
def test_very_long_words_and_names_stay_on_the_sheet(province, face):
    long = "Khu tái định cư và tuyến đường tránh " * 8
    inquiry = an_inquiry(
        province,
        status=Status.ANSWERED,
        subject=long[:299] if face == "subject" else "Việc",
        questions=[(long * 20)[:LONGEST_QUESTION] if face == "question" else "Vì sao?"],
    )
    if face == "answer":
        province.head.full_name = "Công Tằng Tôn Nữ Thị Nguyễn Hoàng Phương Khánh Linh Anh Thư"
        province.department.name = "Ban Quản lý Khu kinh tế, các khu công nghiệp và đặc khu trực thuộc tỉnh An Giang"
    paper = sheet(inquiry)
    for line in written(paper):
        assert 70 <= line.x <= line.end <= 560, line


def test_papers_are_written_in_vietnamese_whatever_the_reader_reads(province):
    inquiry = an_inquiry(province)
    vietnamese = sheet(inquiry)
    with force_locale("en"):
        assert sheet(inquiry) == vietnamese


# Both


@pytest.mark.parametrize("rows", range(1, 24, 2))
def test_the_signature_never_stands_alone_on_a_page(province, rows):
    assert "Sổ này có" in pages(register(province.office, [a_row(number) for number in range(rows)]))[-1]
    inquiry = an_inquiry(province)
    for number in range(rows):
        handling.comment(inquiry, f"Trao đổi số {number:02}", actor=province.clerk, now=NOW)
    assert "Phiếu lập theo hồ sơ đến 17:30 20/11/2026." in pages(sheet(inquiry))[-1]


def test_fonts_are_embedded_and_the_same_case_has_the_same_bytes(province):
    inquiry = an_inquiry(province, status=Status.ANSWERED)
    for make in (lambda: sheet(inquiry), lambda: register(province.office)):
        paper = make()
        assert all("CrimsonText" in font["/BaseFont"] for font in fonts(paper))
        assert b"Helvetica" not in paper
        assert make() == paper
        assert read(paper).trailer["/Root"]["/Lang"] == "vi-VN"


# The register


def a_row(number, **facts):
    received = NOW - timedelta(minutes=number)
    usual = {
        "year": 2026,
        "number": number,
        "subject": f"Việc #{number:05}",
        "kind": Kind.QUESTION,
        "status": Status.ASSIGNED,
        "journalist_names": "Đoàn Nhật Vy",
        "received_at": received,
        "finished_at": None,
        "released_at": None,
        "answer_form": None,
        "refusal_ground": None,
        "clock_key": "internal_reply",
        "due_on": office_day(received) + timedelta(days=5),
        "due_at": None,
        "ends_at": received + timedelta(days=5),
        "outlet": "Báo Nhịp sống Miền Tây",
        "lead": "Sở Xây dựng",
        "timing": Timing.RUNNING.value,
        "result": Result.OPEN.value,
        "paused_at": None,
        "paused_until": None,
        "stopped_days": 0,
        "extended_days": 0,
    }
    return SimpleNamespace(**({"id": None} | usual | facts))


def test_the_register_lies_and_leaves_the_number_to_the_document_office(province):
    province.office.code = "VPUBND"
    paper = register(province.office)
    text = words(paper)
    assert "DỰ THẢO" in text
    assert re.search(r"Số:\s+/VPUBND", text)
    assert "SỔ THEO DÕI Đề nghị của báo chí từ ngày 01/11/2026 đến ngày 30/11/2026" in text
    assert "Số liệu đến 17:30 20/11/2026" in text
    assert "Không có đề nghị nào trong kỳ." in text
    assert "- Ủy ban nhân dân tỉnh An Giang (để báo cáo); - Lưu: VT." in text
    assert all(page.mediabox.width > page.mediabox.height for page in read(paper).pages)


def test_a_thousand_rows_are_all_there_once_and_in_order_under_a_repeated_head(province):
    paper = register(province.office, [a_row(number) for number in range(1, 1001)])
    assert [int(found) for found in re.findall(r"#(\d{5})", words(paper))] == list(range(1, 1001))
    heads = [text.count("Căn cứ") for text in pages(paper) if re.search(r"#\d{5}", text)]
    assert heads == [1] * len(heads)


def test_each_row_says_what_became_of_it_and_the_totals_agree(province):
    for status in (Status.ANSWERED, Status.REFUSED, Status.WITHDRAWN, Status.ASSIGNED):
        an_inquiry(province, status=status)
    late = an_inquiry(
        province, status=Status.APPROVED, kind=Kind.INCIDENT, received_at=NOW - timedelta(days=2), subject="Cháy chợ"
    )
    released = {"at": NOW, "speaker": province.head, "evidence": "Công văn số 13/SXD-VP"}
    sealing.release(late, AnswerForm.WRITTEN, **released, actor=province.drafter, now=NOW)
    an_inquiry(province, kind=Kind.INCIDENT, received_at=NOW - timedelta(days=3), subject="Sập cầu")
    text = words(register(province.office))
    assert "Cháy chợ" in text
    for wanted in ("Trễ 24 giờ", "Quá hạn 2 ngày làm việc", "Điểm b: đang điều tra, chưa xét xử"):
        assert wanted in text.replace("  ", " "), wanted
    cells = "6 2 1 Điểm b: đang điều tra, chưa xét xử: 1 2 1 1 1 1 50% (2 trên 4)"
    assert cells in text
    assert "Đúng hạn Đã trả lời, hoặc từ chối có nêu lý do, trước khi hết hạn." in text


def test_the_register_says_what_it_was_narrowed_to(province):
    filters = Filters(
        since=NOVEMBER.since, until=NOVEMBER.until, agency_id=province.department.id, kind=Kind.INCIDENT, late=True
    )
    text = words(register(province.department, filters=filters))
    assert "Đơn vị chủ trì: Sở Xây dựng; loại: " in text
    assert "; chỉ đề nghị trễ hạn, quá hạn; số liệu đến" in text


def test_a_long_title_and_many_names_stay_in_their_cells(province):
    row = a_row(
        1, subject="Nội dung rất dài " * 17, journalist_names="Trần Thị Khánh Vân, " * 12, lead="Sở " + "Ư" * 90
    )
    for line in written(register(province.office, [row])):
        assert 70 <= line.x <= line.end <= 842 - 40


def test_the_sheet_says_who_acted_for_whom(province):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    today = office_day(NOW)
    accounts.enter_absence(province.head, province.deputy, from_on=today, to_on=today, actor=province.head, now=NOW)
    sealing.approve(inquiry, actor=province.deputy, now=NOW)
    assert "Phạm Phó, Phó Giám đốc, thay Lê Giám Đốc, duyệt bản 1." in words(sheet(inquiry))

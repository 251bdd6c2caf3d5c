"""A ledger comes in: what each row would do, what is written, and that a second time changes nothing."""

from datetime import UTC, date, datetime

import pytest

from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.imports.rules import GOOD, Verdict
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.rules import Status
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.ledgers import NOW, a_csv, a_workbook, an_import, rows_of, verdicts_of, why, written
from tests.factories.outlets import an_outlet

HEADS = (
    *("Số", "Ngày nhận", "Cơ quan báo chí", "Phóng viên", "Trích yếu", "Loại", "Đơn vị chủ trì", "Tình trạng"),
    *("Ngày trả lời", "Hình thức trả lời", "Người phát ngôn", "Văn bản trả lời", "Căn cứ từ chối", "Lý do từ chối"),
    "Ghi chú",
)
ANSWERED = (
    *(
        "1",
        "20/01/2026",
        "Báo Tuổi Trẻ",
        "Trần Thị Bình",
        "Tiến độ đường ven biển",
        "",
        "Sở Xây dựng",
        "Đã trả lời",
    ),
    *(
        "26/01/2026",
        "Văn bản",
        "Nguyễn Văn Ngoài",
        "Công văn 12/SXD-VP",
        "",
        "",
        "",
    ),
)
OPEN = ("2", "19/11/2026", "Tuổi Trẻ", "", "Giá nhà ở xã hội", "Phỏng vấn", "Sở Xây dựng", "Đang xử lý", *[""] * 7)
REFUSED = (
    *("3", "02/07/2026", "Báo Tuổi Trẻ", "", "Vụ án đất đai", "", "Sở Xây dựng", "Từ chối", "03/07/2026"),
    *(
        "",
        "",
        "",
        "Đang điều tra",
        "Vụ án đang điều tra, chưa xét xử",
        "",
    ),
)
WITHDRAWN = ("4", "03/08/2026", "Báo Tuổi Trẻ", "", "Bãi rác", "", "", "Đã rút", "05/08/2026", *[""] * 6)


@pytest.fixture
def province(session):
    province = Province()
    an_outlet("Báo Tuổi Trẻ")
    db.session.commit()
    return province


def test_a_ledger_with_finished_inquiries_is_taken_over_whole(province):
    one = an_import(a_csv([ANSWERED, OPEN, REFUSED, WITHDRAWN], HEADS), actor=province.clerk)
    assert verdicts_of(one) == [Verdict.NEW] * 4, [why(row) for row in rows_of(one).values()]
    assert not db.session.scalar(db.select(db.func.count(Inquiry.id))), "nothing is written before it is confirmed"
    written(one, actor=province.clerk)
    answered, running, refused, withdrawn = db.session.scalars(db.select(Inquiry).order_by(Inquiry.id))
    assert [case.status for case in (answered, running, refused, withdrawn)] == [
        Status.ANSWERED,
        Status.ASSIGNED,
        Status.REFUSED,
        Status.WITHDRAWN,
    ]
    assert answered.code == "ĐN-2026-0001"
    assert answered.received_at == datetime(2026, 1, 19, 17, 0, tzinfo=UTC)
    assert answered.due_on.isoformat() == "2026-01-23"
    assert answered.speaker == province.head, "the head answers for what a name not on record said"
    assert answered.speaker_right["name"] == "Nguyễn Văn Ngoài"
    assert answered.journalist_names == "Trần Thị Bình"
    assert refused.refusal_ground == "investigation"
    assert running.next_reminder_at is not None
    assert running.kind == "interview"
    told = db.session.scalars(db.select(HistoryEntry.data).filter_by(inquiry_id=answered.id)).all()
    assert [(data["ledger"], data["ledger_number"]) for data in told] == [("so.csv", "1")] * 2
    assert not [*faults_in_chain()]


def test_a_second_time_nothing_changes(province):
    content = a_csv([ANSWERED, OPEN, REFUSED, WITHDRAWN], HEADS)
    written(an_import(content, actor=province.clerk), actor=province.clerk)
    again = an_import(content, actor=province.clerk)
    assert verdicts_of(again) == [Verdict.UNCHANGED] * 4, [row.changes for row in rows_of(again).values()]


def test_lines_without_numbers_are_found_again_even_twice_the_same(province):
    rows = [("", *OPEN[1:]), ("", *OPEN[1:])]
    one = an_import(a_csv(rows, HEADS), actor=province.clerk)
    assert verdicts_of(one) == [Verdict.NEW, Verdict.DOUBTFUL]
    assert why(rows_of(one)[3]) == ["Row 2 has the same day, press agency and subject."]
    written(one, actor=province.clerk, verdicts=[*GOOD, Verdict.DOUBTFUL])
    assert verdicts_of(an_import(a_csv(rows, HEADS), actor=province.clerk)) == [Verdict.UNCHANGED] * 2


def test_what_is_answered_meanwhile_is_brought_up_to_the_ledger(province):
    written(an_import(a_csv([OPEN], HEADS), actor=province.clerk), actor=province.clerk)
    later = (*OPEN[:7], "Đã trả lời", "20/11/2026", "Họp báo", "", "TB 5", "", "", "")
    one = an_import(a_csv([later], HEADS), actor=province.clerk)
    assert verdicts_of(one) == [Verdict.CHANGED]
    assert set(rows_of(one)[2].changes) == {"status", "finished", "form", "evidence"}
    written(one, actor=province.clerk)
    case = db.session.scalars(db.select(Inquiry)).one()
    assert (case.status, case.answer_form) == (Status.ANSWERED, "press_conference")
    assert verdicts_of(an_import(a_csv([later], HEADS), actor=province.clerk)) == [Verdict.UNCHANGED]


def test_the_agency_that_leads_finds_what_was_taken_over_in_its_own_list_at_its_day(province):
    """Its list is walked along its parts, which say again when each inquiry was received."""
    written(an_import(a_csv([ANSWERED, OPEN, REFUSED], HEADS), actor=province.clerk), actor=province.clerk)
    moved = (*OPEN[:1], "15/07/2026", *OPEN[2:])
    one = an_import(a_csv([ANSWERED, moved, REFUSED], HEADS), actor=province.clerk)
    assert verdicts_of(one) == [Verdict.UNCHANGED, Verdict.CHANGED, Verdict.UNCHANGED]
    written(one, actor=province.clerk)
    answered, running, refused = db.session.scalars(db.select(Inquiry.id).order_by(Inquiry.id))
    assert [row.id for row in lists.page(province.head, Filters(), NOW).rows] == [running, refused, answered]
    half = Filters(since=date(2026, 7, 1), until=date(2026, 7, 10))
    assert [row.id for row in lists.page(province.head, half, NOW).rows] == [refused]


def test_a_case_worked_on_here_is_not_changed_by_the_ledger(province):
    case = an_inquiry(province, status=Status.DRAFTING)
    db.session.commit()
    row = (case.code, "20/11/2026", case.outlet.name, "", "Khác hẳn", *[""] * 10)
    one = an_import(a_csv([row], HEADS), actor=province.clerk)
    assert verdicts_of(one) == [Verdict.REJECTED]
    assert why(rows_of(one)[2])[0].startswith(f"{case.code} is worked on here")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({1: "31/02/2026"}, "There is no such day: “31/02/2026”."),
        ({1: "ASAP"}, "“ASAP” says how soon, not when. Write the date, or leave the cell empty."),
        ({1: "20/11/2026 (gia hạn)"}, "There is text beside the date: “20/11/2026 (gia hạn)”. Write the date alone."),
        ({1: ""}, "Please fill this in."),
        ({1: "21/11/2026"}, "This moment is still to come."),
        ({8: "19/01/2026"}, "It ended before it was received."),
        ({8: ""}, "The row says that it ended, but not on which day."),
        ({2: "Báo Tuổi Tre Thơ"}, "There is no press agency “Báo Tuổi Tre Thơ” on record."),
        ({6: "Sở Xây dựn"}, "There is no agency “Sở Xây dựn” on record."),
        ({4: ""}, "Please fill this in."),
        ({7: "Từ chối", 12: ""}, "Information is refused on a ground of the law: say which."),
        ({7: "Từ chối", 12: "bận"}, "“bận” is no ground of the law."),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(province, changes, said):
    row = [changes.get(at, cell) for at, cell in enumerate(ANSWERED)]
    one = an_import(a_csv([row], HEADS), actor=province.clerk)
    assert verdicts_of(one) == [Verdict.REJECTED]
    assert said in why(rows_of(one)[2])


def test_an_unknown_name_comes_with_those_it_may_mean(province):
    row = [{2: "Báo Tuổi Trẻ TP", 6: "Sở Xây dựn"}.get(at, cell) for at, cell in enumerate(ANSWERED)]
    one = an_import(a_csv([row], HEADS), actor=province.clerk)
    meant = {reason["what"]: reason["suggestions"] for reason in rows_of(one)[2].reasons}
    assert meant == {"outlet": ["Báo Tuổi Trẻ"], "agency": ["Sở Xây dựng"]}
    assert {name["typed"] for name in one.unknown} == {"Báo Tuổi Trẻ TP", "Sở Xây dựn"}


def test_a_repeated_number_is_refused_the_second_time(province):
    one = an_import(a_csv([ANSWERED, ANSWERED], HEADS), actor=province.clerk)
    assert verdicts_of(one) == [Verdict.NEW, Verdict.REJECTED]
    assert "Row 2 has the same number." in why(rows_of(one)[3])


def test_what_was_logged_here_at_the_time_is_doubtful(province):
    case = an_inquiry(province)
    db.session.commit()
    row = ("77", "20/11/2026", case.outlet.name, "", case.subject, *[""] * 10)
    one = an_import(a_csv([row], HEADS), actor=province.clerk)
    assert verdicts_of(one) == [Verdict.DOUBTFUL]


def test_an_agency_takes_over_its_own_ledger_only(province):
    foreign = [{6: "Sở Tài chính"}.get(at, cell) for at, cell in enumerate(ANSWERED)]
    one = an_import(a_csv([ANSWERED, ("9", *foreign[1:])], HEADS), actor=province.drafter)
    assert verdicts_of(one) == [Verdict.NEW, Verdict.REJECTED]


def test_days_of_a_workbook_and_a_title_above_the_heads_are_understood(province):
    row = [
        {1: datetime(2026, 1, 20), 8: datetime(2026, 1, 26, 16, 30)}.get(at, cell) for at, cell in enumerate(ANSWERED)
    ]
    content = a_workbook([row], HEADS, title="SỔ THEO DÕI NĂM 2026")
    one = written(an_import(content, actor=province.clerk, file_name="sổ.xlsx"), actor=province.clerk)
    case = db.session.scalars(db.select(Inquiry)).one()
    assert one.head_row == 3
    assert case.finished_at == datetime(2026, 1, 26, 9, 30, tzinfo=UTC)


def test_heads_in_two_lines_and_titles_across_the_table(province):
    from io import BytesIO

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (
        ["SỔ THEO DÕI ĐỀ NGHỊ CỦA BÁO CHÍ"],
        ["STT", "Ngày nhận", "Cơ quan báo chí", "Nội dung", "Đơn vị xử lý", "", "Kết quả", ""],
        ["", "", "", "", "Chủ trì", "Phối hợp", "Ngày trả lời", "Hình thức trả lời"],
        ["Tháng Một", "", "", "Việc chung"],
        ["1", "20/01/2026", "Báo Tuổi Trẻ", "Tiến độ đường", "sở xây dựng", "", "26/01/2026", "Văn bản"],
    ):
        sheet.append(row)
    sheet.merge_cells("E4:H4")
    out = BytesIO()
    book.save(out)
    one = an_import(out.getvalue(), actor=province.clerk, file_name="so.xlsx")
    assert (one.head_row, one.columns["lead"], one.columns["finished"], one.columns["form"]) == (3, 4, 6, 7)
    rows = rows_of(one)
    assert rows[5].verdict is Verdict.NEW, why(rows[5])
    assert rows[4].verdict is Verdict.REJECTED
    assert not [reason for reason in rows[4].reasons if "merged" in reason["message"]], (
        "it has nothing of a merged cell"
    )


def test_the_line_that_numbers_the_columns_is_no_inquiry(province):
    numbers = [f"({at})" for at in range(1, len(HEADS) + 1)]
    one = an_import(a_csv([numbers, ANSWERED], HEADS), actor=province.clerk)
    assert [*rows_of(one)] == [3]
    assert one.unknown == []

"""Invented content for the style page, where every component stands in every state."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from pr_tracker.charts import Bar, Line, Look, Piece, bars, lines
from pr_tracker.web.forms import Form, OfficeDateTimeField, Required

KINDS = [SelectChoice("ordinary", "Hỏi, phỏng vấn thông thường"), SelectChoice("forwarded", "Phản ánh do báo chuyển")]
AGENCIES = [SelectChoice("", "Mọi đơn vị"), SelectChoice("1", "Sở Xây dựng"), SelectChoice("2", "Sở Y tế")]


class SampleForm(Form):
    """Every kind of field once."""

    subject = StringField("Việc gì", [Required()])
    questions = TextAreaField("Câu hỏi", [Required()])
    outlet = StringField("Cơ quan báo chí", [Required()])
    outlet_id = HiddenField()
    journalist = StringField("Nhà báo, phóng viên")
    kind = RadioField("Loại đề nghị", [Required()], choices=KINDS)
    also = SelectMultipleField(
        "Đơn vị phối hợp", choices=AGENCIES[1:], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    agency = SelectField("Đơn vị", [Required()], choices=AGENCIES)
    received_at = OfficeDateTimeField("Nhận lúc")
    read = BooleanField("Đã đọc toàn văn", [Required()])
    paper = FileField("Tệp đính kèm")


STATUSES = [
    ("received", "Mới tiếp nhận"),
    ("assigned", "Đã phân công"),
    ("drafting", "Đang xử lý"),
    ("in_review", "Chờ duyệt"),
    ("returned", "Trả lại để chỉnh sửa"),
    ("approved", "Đã duyệt"),
    ("answered", "Đã trả lời"),
    ("refused", "Đã từ chối (nêu lý do)"),
    ("withdrawn", "Đã rút"),
    ("archived", "Đã lưu hồ sơ"),
]
CLOCKS = [
    ("running", "Còn 13 ngày làm việc"),
    ("due_soon", "Còn 3 giờ"),
    ("overdue", "Quá hạn 2 ngày làm việc"),
    ("paused", "Đang dừng, đã dừng 1 ngày"),
    ("met", "Đúng hạn, sớm 1 ngày"),
    ("late", "Trễ 2 ngày làm việc"),
]
TILES = [
    {"label": "Quá hạn", "glyph": "warning", "value": 2, "tone": "red", "url": "#", "note": "lâu nhất 2 ngày làm việc"},
    {"label": "Hết hạn hôm nay", "glyph": "hourglass", "value": 3, "tone": "amber", "url": "#"},
    {"label": "Chưa phân công", "glyph": "circle", "value": 2, "url": "#", "note": "chờ giao đơn vị"},
    {"label": "Chờ duyệt", "glyph": "three_quarters", "value": 4, "url": "#"},
    {"label": "Có mặt", "glyph": "check", "value": 87, "of": "trên 126"},
]
STEPS = [
    ("Quy tắc", "Ý kiến do báo chí chuyển đến: 15 ngày làm việc.", []),
    ("Mốc bắt đầu", "Nhận lúc 10:05 thứ Sáu 20/11. Ngày nhận không tính.", []),
    ("Không tính 3 ngày", "", [("24/11", "Ngày Văn hóa Việt Nam"), ("28–29/11", "thứ Bảy, Chủ nhật")]),
    ("Ngày thứ 15: thứ Hai 14/12", "Hết hạn lúc 24:00.", []),
]
STAGES = [
    {"state": "done", "label": "Phân công", "note": "Văn phòng UBND tỉnh, 26 phút", "due": "20/11"},
    {"state": "now", "label": "Dự thảo", "note": "Sở Xây dựng", "due": "04/12"},
    {"state": "next", "label": "Gửi báo", "note": None, "due": "14/12"},
]
HISTORY = [
    {
        "iso": "2026-11-23T14:20",
        "day": "23/11",
        "hour": "14:20",
        "glyph": "back",
        "sentence": "Ông Lê Hồ Trọng Hậu trả lại bản 1 để chỉnh sửa:",
        "quote": "Chưa nêu đơn vị bảo hành và thời hạn.",
    },
    {
        "iso": "2026-11-20T10:05",
        "day": "20/11",
        "hour": "10:05",
        "glyph": "circle",
        "sentence": "Văn thư nhận công văn số 218/CV-NSMT.",
        "quote": None,
    },
]
FACTS = [("Người đứng đầu", "Giám đốc Sở Xây dựng"), ("Hình thức", "Văn bản gửi báo")]
MARKS = [
    ("present", "Có mặt", "p", "check", "c"),
    ("late", "Đi muộn", "l", "hourglass", "m"),
    ("left_early", "Về sớm", "s", "leave", "s"),
    ("excused", "Có phép", "e", "circle", "p"),
    ("absent", "Vắng", "a", "cross", "v"),
]
TRAINEES = [
    ("A01", "Nguyễn Thị Thúy An", "Ủy ban nhân dân xã Châu Phú", "present"),
    ("A02", "Danh Hoàng Út Ân", "Đặc khu Thổ Châu", "excused"),
    ("A03", "Công Tằng Tôn Nữ Hoàng Diễm Quỳnh Châu", "Trung tâm Phục vụ hành chính công", "absent"),
    ("A04", "Bùi Thị Kiều Loan", "Sở Du lịch", None),
]
CHART_LOOKS = [(Look.SOLID, "Đúng hạn"), (Look.SOON, "Sắp hết"), (Look.LATE, "Trễ hạn"), (Look.OPEN, "Đang xử lý")]
CHART_BARS = [
    Bar("Sở Xây dựng", (Piece(61), Piece(4, Look.SOON), Piece(9, Look.LATE), Piece(6, Look.OPEN)), "trễ 9"),
    Bar("Sở Nông nghiệp và Môi trường", (Piece(58), Piece(3, Look.LATE), Piece(4, Look.OPEN)), "trễ 3"),
    Bar("Ủy ban nhân dân phường Vĩnh Thông", (Piece(12), Piece(2, Look.OPEN)), "không trễ"),
]
CHART_LINES = [Line((86, 88, 84, 97)), Line((80, 82, 83, 85), faint=True)]


def everything() -> dict[str, Any]:
    """All samples by the name the style page uses."""
    filled, wrong = _forms()
    return {
        "filled": filled,
        "wrong": wrong,
        "statuses": STATUSES,
        "clocks": CLOCKS,
        "tiles": TILES,
        "steps": STEPS,
        "stages": STAGES,
        "history": HISTORY,
        "facts": FACTS,
        "marks": MARKS,
        "trainees": TRAINEES,
        "chart_looks": CHART_LOOKS,
        "chart_bars": bars(CHART_BARS, key="sample-bars"),
        "chart_lines": lines(CHART_LINES, ("T1", "T2", "T3", "T4"), key="sample-lines", words="{:.0f} %".format),
    }


def _forms() -> tuple[SampleForm, SampleForm]:
    """The form filled in, and the form that came back."""
    filled = SampleForm(
        formdata=None,
        meta={"csrf": False},
        data={
            "subject": "Đường vào khu tái định cư Vĩnh Thông ngập sau mưa",
            "questions": "Bao giờ hệ thống thoát nước dọc tuyến được khơi thông?\nKinh phí sửa chữa lấy từ nguồn nào?",
            "outlet": "Báo Nhịp sống Miền Tây",
            "kind": "forwarded",
            "also": ["2"],
            "agency": "1",
            "read": True,
        },
    )
    wrong = SampleForm(formdata=MultiDict({"wrong-received_at": "hôm qua"}), meta={"csrf": False}, prefix="wrong-")
    wrong.validate()
    return filled, wrong

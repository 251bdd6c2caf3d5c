"""The ledger of inquiries (sổ theo dõi): its columns, and what offices write in them."""

from flask_babel import lazy_gettext as _l

from pr_tracker.imports.rules import Column
from pr_tracker.imports.targets.words import words_of
from pr_tracker.inquiries.labels import CHANNEL, GROUND, KIND, STATUS, URGENCY
from pr_tracker.inquiries.rules import OPEN, Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, Channel, Kind, RefusalGround, Urgency
from pr_tracker.inquiries.rules_ledger import Outcome
from pr_tracker.statements.labels import ANSWER_FORM
from pr_tracker.text import fold


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split("; "))


COLUMNS = (
    Column(
        "number",
        _l("Ledger number"),
        _split(
            "number of the case; mã đề nghị; số; số hồ sơ; mã; mã số; mã hồ sơ; số sổ; số vào sổ; "
            "số thứ tự trong sổ; số theo dõi; "
            "số đến; số công văn đến; code; no; ref; reference; ledger no"
        ),
        example="15/2026",
    ),
    Column(
        "received",
        _l("Received on"),
        _split(
            "received at; nhận lúc; ngày nhận; ngày tiếp nhận; thời điểm nhận; thời điểm tiếp nhận; thời gian nhận; "
            "thời gian tiếp nhận; tiếp nhận lúc; tiếp nhận; ngày đến; nhận lúc; nhận ngày; ngày gửi; "
            "ngày tháng; received; received at; date received; date; ngày"
        ),
        required=True,
        example="08:30 20/11/2026",
    ),
    Column("received_time", _l("Time of receipt"), _split("giờ nhận; giờ tiếp nhận; giờ; time; time received")),
    Column(
        "outlet",
        _l("Press agency"),
        _split(
            "cơ quan báo chí; tên cơ quan báo chí; báo; báo đài; báo, đài; tên báo; đơn vị báo chí; "
            "báo chí; cơ quan; outlet; newspaper; media; press"
        ),
        required=True,
        example="Báo Tuổi Trẻ",
    ),
    Column(
        "journalists",
        _l("Journalists"),
        _split(
            "phóng viên; nhà báo; nhà báo, phóng viên; phóng viên, nhà báo; tên phóng viên; "
            "họ tên phóng viên; người hỏi; người liên hệ; người đề nghị; pv; journalist; reporter; "
            "reporters"
        ),
        example="Trần Thị Bình",
    ),
    Column(
        "subject",
        _l("Subject"),
        _split(
            "what it is about; việc gì; trích yếu; trích yếu nội dung; nội dung; vấn đề; chủ đề; "
            "vụ việc; nội dung đề nghị; "
            "tóm tắt; nội dung báo chí hỏi; nội dung trích yếu; topic; summary; content"
        ),
        required=True,
        example="Tiến độ đường ven biển",
    ),
    Column(
        "questions",
        _l("Questions"),
        _split("câu hỏi; nội dung câu hỏi; các câu hỏi; nội dung chi tiết; question"),
        example="Khi nào hoàn thành?",
    ),
    Column("kind", _l("Kind of inquiry"), _split("loại; loại đề nghị; loại việc; loại hình; kind; type")),
    Column(
        "channel",
        _l("Way of receipt"),
        _split(
            "channel; kênh tiếp nhận; kênh; kênh tiếp nhận; hình thức tiếp nhận; hình thức nhận; "
            "hình thức đến; qua; channel; via"
        ),
        example="E-mail",
    ),
    Column("urgency", _l("Urgency"), _split("độ khẩn; mức độ khẩn; khẩn; urgent")),
    Column(
        "lead",
        _l("Lead agency"),
        _split(
            "đơn vị chủ trì; cơ quan chủ trì; chủ trì; đơn vị xử lý; cơ quan xử lý; đơn vị trả lời; "
            "đơn vị; giao đơn vị; đơn vị được giao; phòng chủ trì; lead; agency; unit"
        ),
        example="Sở Xây dựng",
    ),
    Column(
        "coordinating",
        _l("Coordinating agencies"),
        _split("đơn vị phối hợp; cơ quan phối hợp; phối hợp; coordinating; coordinating agency"),
    ),
    Column(
        "status",
        _l("State of the inquiry"),
        _split("state; tình trạng; tình trạng; trạng thái; kết quả; kết quả xử lý; tình trạng xử lý; state; result"),
        example="Đã trả lời",
    ),
    Column(
        "finished",
        _l("Answered or finished on"),
        _split(
            "finished at; kết thúc lúc; ngày trả lời; thời điểm trả lời; thời gian trả lời; trả lời lúc; trả lời ngày; "
            "ngày phát hành; ngày hoàn thành; ngày xong; ngày kết thúc; kết thúc; xong lúc; hoàn thành; "
            "answered; answered on; answered at; finished; finished on; finished at; completed"
        ),
        example="16:00 25/11/2026",
    ),
    Column("finished_time", _l("Time of the answer"), ("giờ trả lời", "giờ hoàn thành", "time answered")),
    Column(
        "form",
        _l("Form of the answer"),
        _split(
            "form of speaking; hình thức phát ngôn; hình thức trả lời; hình thức phát ngôn; "
            "hình thức cung cấp thông tin; answer form; form"
        ),
    ),
    Column(
        "speaker",
        _l("Speaker"),
        _split("người phát ngôn; người trả lời; người cung cấp thông tin; spokesperson; answered by"),
    ),
    Column(
        "evidence",
        _l("Evidence of the answer"),
        _split(
            "văn bản trả lời; số văn bản trả lời; công văn trả lời; số công văn trả lời; minh chứng; "
            "evidence; tài liệu trả lời; nội dung trả lời; answer"
        ),
        example="Công văn số 125/SXD-VP",
    ),
    Column("refused", _l("Refused on"), _split("ngày từ chối; từ chối ngày; refused; refused at")),
    Column("ground", _l("Ground of refusal"), ("căn cứ từ chối", "căn cứ", "ground")),
    Column("reason", _l("Reason given for the refusal"), _split("lý do từ chối; lý do; lí do từ chối; lí do; reason")),
    Column("withdrawn", _l("Withdrawn on"), _split("ngày rút; ngày báo rút; rút ngày; withdrawn; withdrawn at")),
    Column("note", _l("Note"), _split("ghi chú; chú thích; ý kiến; notes; remark; remarks; comment")),
)


class Words:
    """What the cells of a ledger mean, in both languages; made once for a pass."""

    def __init__(self) -> None:
        self.kinds = words_of(KIND, _KINDS)
        self.channels = words_of(CHANNEL, _CHANNELS)
        self.urgencies = words_of(URGENCY, _URGENCIES)
        self.forms = words_of(ANSWER_FORM, _FORMS)
        self.grounds = words_of(GROUND, _GROUNDS)
        self.statuses = words_of(STATUS)

    def ground(self, typed: str) -> RefusalGround | None:
        """The ground of refusal: in the words of the law, its letter, or by a word that only it has."""
        folded = fold(typed)
        exact = self.grounds.get(folded)
        if exact is not None:
            return exact
        meant = {ground for ground, words in _IN_GROUND.items() if any(word in folded for word in words)}
        return meant.pop() if len(meant) == 1 else None

    def outcome(self, typed: str) -> Outcome | Status | None:
        """How the case ended; ARCHIVED where only that is said; RECEIVED for one still open; None: not understood."""
        folded = fold(typed)
        status = self.statuses.get(folded)
        if status is not None:
            return _OUTCOMES.get(status) or (Status.RECEIVED if status in OPEN else status)
        for outcome, words in _IN_STATUS:
            if any(word in folded for word in words):
                return outcome
        return None


_OUTCOMES = {
    Status.ANSWERED: Outcome.ANSWERED,
    Status.REFUSED: Outcome.REFUSED,
    Status.WITHDRAWN: Outcome.WITHDRAWN,
}
# In this order: "chưa trả lời" before "trả lời".
_IN_STATUS: tuple[tuple[Outcome | Status, tuple[str, ...]], ...] = (
    (Status.RECEIVED, ("chua", "dang", "moi nhan", "con ton", "qua han", "open", "pending", "in progress", "not yet")),
    (Outcome.REFUSED, ("tu choi", "refus", "khong cung cap")),
    (Outcome.WITHDRAWN, ("da rut", "bao rut", "rut", "withdr", "huy")),
    (Outcome.ANSWERED, ("tra loi", "hoan thanh", "xong", "da phat ngon", "da cung cap", "answer", "done")),
    (Status.ARCHIVED, ("luu ho so", "luu", "archiv", "dong")),
)
_KINDS = {
    Kind.QUESTION: ("câu hỏi", "hỏi", "đề nghị cung cấp thông tin", "cung cấp thông tin", "thông tin", "question"),
    Kind.INTERVIEW: ("phỏng vấn", "đề nghị phỏng vấn", "đăng ký phỏng vấn", "interview"),
    Kind.ANSWER_ON_PRESS: ("trả lời trên báo chí", "yêu cầu trả lời trên báo", "trả lời trên báo"),
    Kind.FORWARDED_OPINION: ("phản ánh", "kiến nghị", "phê bình", "ý kiến bạn đọc", "tin phản ánh"),
    Kind.FORWARDED_COMPLAINT: ("khiếu nại", "đơn khiếu nại", "complaint"),
    Kind.FORWARDED_DENUNCIATION: ("tố cáo", "đơn tố cáo", "denunciation"),
    Kind.INCIDENT: ("sự cố", "đột xuất", "vụ việc đột xuất", "đột xuất, bất thường", "incident"),
    Kind.DIVIDED_OPINION: ("dư luận", "dư luận trái chiều", "dư luận nhiều chiều"),
    Kind.FOREIGN_INTERVIEW: ("báo chí nước ngoài phỏng vấn", "phỏng vấn của báo chí nước ngoài"),
    Kind.FOREIGN_ACTIVITY: ("báo chí nước ngoài", "hoạt động báo chí nước ngoài"),
}
_CHANNELS = {
    Channel.PHONE: ("điện thoại", "đt", "gọi điện", "zalo", "call"),
    Channel.EMAIL: ("email", "thư điện tử", "mail", "hộp thư điện tử"),
    Channel.LETTER: ("văn bản", "công văn", "thư", "giấy giới thiệu", "bưu điện", "trục liên thông", "letter"),
    Channel.IN_PERSON: ("trực tiếp", "gặp trực tiếp", "tại trụ sở", "in person"),
    Channel.PRESS_CONFERENCE: ("họp báo", "tại họp báo", "giao ban", "giao ban báo chí"),
    Channel.SOCIAL_NETWORK: ("mạng xã hội", "facebook", "fanpage"),
    Channel.FORWARDED: ("chuyển đến", "cơ quan khác chuyển", "cấp trên chuyển", "ubnd tỉnh chuyển", "forwarded"),
}
_URGENCIES = {
    Urgency.NORMAL: ("thường", "bình thường", "không khẩn", "không"),
    Urgency.URGENT: ("khẩn", "gấp", "có", "urgent"),
    Urgency.VERY_URGENT: ("thượng khẩn", "rất khẩn"),
    Urgency.MOST_URGENT: ("hỏa tốc", "hoả tốc"),
}
_FORMS = {
    AnswerForm.PRESS_CONFERENCE: ("họp báo", "tại họp báo"),
    AnswerForm.PORTAL: ("đăng cổng", "cổng thông tin điện tử", "đăng tải", "mạng xã hội", "trang thông tin điện tử"),
    AnswerForm.INTERVIEW: ("phỏng vấn", "trả lời phỏng vấn", "phát ngôn trực tiếp", "điện thoại", "qua điện thoại"),
    AnswerForm.WRITTEN: ("văn bản", "bằng văn bản", "công văn", "thông cáo báo chí", "thông cáo", "email"),
    AnswerForm.BRIEFING: ("trao đổi trực tiếp", "trực tiếp", "giao ban", "giao ban báo chí", "tại giao ban"),
}
_GROUNDS = {
    RefusalGround.SECRET: ("a", "điểm a", "bí mật nhà nước", "bí mật"),
    RefusalGround.INVESTIGATION: ("b", "điểm b", "đang điều tra", "chưa xét xử"),
    RefusalGround.UNCONCLUDED: ("c", "điểm c", "đang thanh tra", "chưa có kết luận", "chưa có kết luận thanh tra"),
    RefusalGround.DRAFT_POLICY: ("d", "điểm d", "đang soạn thảo", "dự thảo chính sách"),
}
_IN_GROUND = {
    RefusalGround.SECRET: ("bi mat",),
    RefusalGround.INVESTIGATION: ("dieu tra", "xet xu", "vu an"),
    RefusalGround.UNCONCLUDED: ("thanh tra", "khieu nai", "to cao", "tranh chap", "ket luan"),
    RefusalGround.DRAFT_POLICY: ("du thao", "soan thao", "chinh sach"),
}

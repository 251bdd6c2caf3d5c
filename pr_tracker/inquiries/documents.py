"""The case sheet (phiếu xử lý) of one inquiry as PDF: what was asked, by when and why, by whom, the answer, the course.

An official paper is in Vietnamese whatever language its reader uses, so it is made and written under that language.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Person
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.labels_month import MonthDay, month_picture
from pr_tracker.deadlines.labels_names import CLOCKS, EXTENSION_REASONS, STOP_REASONS, sentence
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_table import ClockKey
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.documents_letters import after_release
from pr_tracker.inquiries.labels_parts import lateness_words
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import case
from pr_tracker.inquiries.queries.owed import owed_by, parts_owed_by
from pr_tracker.inquiries.queries.parts import lateness_of, sources_of
from pr_tracker.inquiries.queries.seals import reviews_of
from pr_tracker.inquiries.queries.stops import extensions_of, pauses_of
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Part, Sensitivity, Urgency
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.notices.rules import FeedEntry
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.outlets.labels import OUTLET_KINDS
from pr_tracker.outlets.models import Journalist
from pr_tracker.pdf.fonts import Choice

Fact = tuple[str, str]
# Who read or copied the file is in the audit log; it is not part of how the matter was handled.
_NOT_ON_PAPER = frozenset({InquiryEvent.DOWNLOAD, InquiryEvent.EXPORT})


def write_case_sheet(
    inquiry: Inquiry,
    out: BinaryIO,
    *,
    actor: Person | None,
    place: str,
    now: datetime,
    check: pdf.Check | None = None,
    typeface: Choice = "host",
) -> None:
    """Write the case sheet as it stands at `now`; `place` begins its date line.

    It names only those related inquiries that `actor` may see; None is the system itself: a command.

    It is an internal sheet, not one of the kinds of document that the document office numbers (Decree 30/2020/NĐ-CP,
    Art 7): the inquiry's own number identifies it, so it has neither a number line nor DỰ THẢO. Only an approved text
    is printed as the answer.
    """
    case.load_names(inquiry)
    with force_locale("vi"):
        blocks = _blocks(inquiry, actor, place, now)
        pdf.build(pdf.Document(sheet_title(inquiry), blocks, check=check), out, face=typeface)


def write_deadline_sheet(
    inquiry: Inquiry,
    out: BinaryIO,
    *,
    place: str,
    now: datetime,
    check: pdf.Check | None = None,
    typeface: Choice = "host",
) -> None:
    """Write only why the inquiry is due when it is, as it stands at `now`; `place` begins its date line."""
    case.load_names(inquiry)
    with force_locale("vi"):
        blocks = _explanation_alone(inquiry, place, now)
        pdf.build(pdf.Document(deadline_title(inquiry), blocks, check=check), out, face=typeface)


def sheet_title(inquiry: Inquiry) -> str:
    """What the case sheet is called."""
    return f"Phiếu xử lý {inquiry.code}"


def deadline_title(inquiry: Inquiry) -> str:
    """What the explanation of the deadline is called."""
    return f"Giải trình thời hạn {inquiry.code}"


def _explanation_alone(inquiry: Inquiry, place: str, now: datetime) -> Iterator[pdf.Block]:
    agency = inquiry.lead_agency or inquiry.intake_agency
    parts = case.parts_of(inquiry)
    yield letterhead(
        agency,
        place=place,
        day=office_day(now),
        kind="Giải trình thời hạn",
        abstract=f"Đề nghị của báo chí số {inquiry.code}:\n{inquiry.subject}",
        draft=False,
    )
    yield from _explanation(inquiry, parts)
    yield pdf.Text(f"Lập theo hồ sơ đến {write_moment(now)}.")
    yield pdf.Closing(signature(agency), _recipients(inquiry, parts))


def _blocks(inquiry: Inquiry, actor: Person | None, place: str, now: datetime) -> Iterator[pdf.Block]:
    agency = inquiry.lead_agency or inquiry.intake_agency
    parts = case.parts_of(inquiry)
    history = case.history_of(inquiry)[::-1]
    yield letterhead(
        agency,
        place=place,
        day=office_day(now),
        kind="Phiếu xử lý",
        abstract=f"Đề nghị của báo chí số {inquiry.code}:\n{inquiry.subject}",
        urgency=labels.URGENCY_MARK[inquiry.urgency],
        draft=False,
    )
    yield pdf.Heading("I. Thông tin đề nghị")
    yield pdf.Facts(list(_facts(inquiry, actor)))
    yield pdf.Heading("Câu hỏi của báo chí", 2)
    yield pdf.Numbered([question.text for question in inquiry.questions])
    yield pdf.Heading("II. Thời hạn")
    yield from _deadline(inquiry, now)
    yield pdf.Heading("III. Phân công, phối hợp")
    yield from _assignment(inquiry, parts)
    yield pdf.Heading("IV. Nội dung trả lời")
    yield from _answer(inquiry, history)
    yield from after_release(inquiry, now)
    yield pdf.Heading("V. Diễn biến xử lý")
    yield pdf.Timeline(
        pdf.Event(write_moment(row.at), labels.sentence(row), labels.quotation(row))
        for row in history
        if row.event not in _NOT_ON_PAPER
    )
    yield pdf.PageBreak()
    yield pdf.Heading("VI. Giải trình thời hạn")
    yield from _explanation(inquiry, parts)
    yield pdf.Text(f"Phiếu lập theo hồ sơ đến {write_moment(now)}.")  # so that the signature never stands alone
    yield pdf.Closing(signature(agency), _recipients(inquiry, parts))


def _facts(inquiry: Inquiry, actor: Person | None) -> Iterator[Fact]:
    outlet = inquiry.outlet
    yield "Cơ quan báo chí", f"{outlet.name} ({_lower_first(str(OUTLET_KINDS[outlet.kind]))})"
    yield "Nhà báo, phóng viên", "\n".join(map(_journalist, inquiry.journalists)) or "Không nêu tên"
    yield "Loại đề nghị", str(labels.KIND[inquiry.kind])
    yield "Kênh tiếp nhận", str(labels.CHANNEL[inquiry.channel])
    yield "Nhận lúc", write_moment(inquiry.received_at)
    if inquiry.started_at != inquiry.received_at:
        yield "Thời hạn tính từ", write_moment(inquiry.started_at)
    yield "Vào sổ", f"{write_moment(inquiry.logged_at)}, {inquiry.logged_by.full_name}, {inquiry.intake_agency.name}"
    yield "Báo lại đã nhận", write_moment(inquiry.acknowledged_at) if inquiry.acknowledged_at else "Chưa ghi nhận"
    if inquiry.wanted_at:
        yield "Báo cần trước", write_moment(inquiry.wanted_at)
    if inquiry.urgency is not Urgency.NORMAL:
        yield "Độ khẩn", sentence(labels.URGENCY_MARK[inquiry.urgency].lower())
    if inquiry.sensitivity is not Sensitivity.NORMAL:
        yield "Tính chất", str(labels.SENSITIVITY[inquiry.sensitivity])
    parent, follow_ups = case.related_to(inquiry, actor)
    if parent:
        yield "Tiếp theo đề nghị", _related(parent)
    if follow_ups:
        yield "Đề nghị tiếp theo", "\n".join(map(_related, follow_ups))
    files = case.attachments_of(inquiry)
    if files:
        yield "Tệp kèm theo", "\n".join(row.file_name for row in files)
    yield "Tình trạng", str(labels.STATUS[inquiry.status])


def _related(row: sa.Row) -> str:
    return f"{write_number(row.year, row.number)}: {row.subject}"


def _journalist(journalist: Journalist) -> str:
    if journalist.press_card:
        return f"{journalist.full_name}, thẻ nhà báo số {journalist.press_card}"
    if journalist.letter_number:
        dated = f" ngày {write_day(journalist.letter_on)}" if journalist.letter_on else ""
        return f"{journalist.full_name}, giấy giới thiệu số {journalist.letter_number}{dated}"
    return journalist.full_name


def _deadline(inquiry: Inquiry, now: datetime) -> Iterator[pdf.Block]:
    deadline = inquiry.deadline
    result = deadline_words.face_words(labels.face_of(inquiry, now, deadlines.working_calendar()))
    if inquiry.finished_at is None:
        result += f", tính đến {write_moment(now)}"
    elif _was_withdrawn(inquiry) and inquiry.finished_at < inquiry.ends_at:
        result = "Báo rút đề nghị khi còn hạn"
    yield pdf.Facts(
        [
            ("Hạn trả lời", sentence(deadline_words.due_words(deadline))),
            ("Loại hạn", sentence(deadline_words.kind_words(inquiry.clock_version))),
            *_stops_in_short(deadline),
            ("Kết quả thời hạn", result),
            *_because(inquiry, now),
            ("Cách tính", "Xem mục VI"),
        ]
    )


def _because(inquiry: Inquiry, now: datetime) -> Iterator[Fact]:
    """Because of which agency a late case is late; nothing where it is the lead's own lateness."""
    words = lateness_words(lateness_of(inquiry, now), is_over=inquiry.finished_at is not None)
    if words:
        yield "Nguyên nhân trễ", f"{words} Tính cho đơn vị phối hợp, không tính cho đơn vị chủ trì."


def _stops_in_short(deadline: Deadline) -> Iterator[Fact]:
    if deadline.stops:
        yield "Đã tạm dừng", f"{len(deadline.stops)} lần, tổng {_span(deadline, deadline.stopped_days)}"
    if deadline.extensions:
        yield "Đã gia hạn", f"{len(deadline.extensions)} lần, tổng {_span(deadline, deadline.extended_days)}"


def _span(deadline: Deadline, days: int) -> str:
    return deadline_words.span_of(deadline.rule.term, days)


def _explanation(inquiry: Inquiry, parts: Sequence[sa.Row]) -> Iterator[pdf.Block]:
    """From the article to the minute, the weeks as a table, stops and extensions with their evidence, every clock."""
    deadline = inquiry.deadline
    yield pdf.Facts([("Hạn trả lời", sentence(deadline_words.due_words(deadline)))])
    yield pdf.Heading("Từ điều luật đến giờ, phút hết hạn", 2)
    yield pdf.Steps([pdf.Step(*step) for step in deadline_words.explain(deadline, of_case=True)])
    weeks = month_picture(deadline)
    if weeks:
        yield pdf.Heading("Các tuần trong thời hạn", 2)
        yield pdf.Table([pdf.Column(name) for name in _WEEKDAYS], (_week(week) for week in weeks), size=9)
    yield from _grounds(inquiry, deadline)
    coordinating = [row for row in parts if row.part is Part.COORDINATING and row.ends_at]
    if coordinating or inquiry.wanted_at:
        yield pdf.Heading("Các thời hạn khác của đề nghị này", 2)
        yield pdf.Facts([*_other_clocks(inquiry, coordinating)])


_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def _week(week: Sequence[MonthDay]) -> list[pdf.Cell]:
    """A week as a row: the day, and what it is to the count; dots for weeks that are left out."""
    if not week:
        return ["…"] * 7
    return [
        [pdf.Piece(f"{day.number}{day.month}", "bold" if day.words else "regular"), pdf.Piece(day.words)]
        if day.words
        else f"{day.number}{day.month}"
        for day in week
    ]


def _grounds(inquiry: Inquiry, deadline: Deadline) -> Iterator[pdf.Block]:
    """Why the clock stood still and why the term is longer: the evidence, who did it, who decided."""
    for number, row in enumerate(pauses_of(inquiry), 1):
        yield pdf.Heading(f"Tạm dừng lần {number}", 2)
        ended = f"{write_moment(row.ended_at)}, {row.ended_by or 'tự tính tiếp'}" if row.ended_at else "theo kế hoạch"
        yield pdf.Facts(
            [
                ("Lý do", sentence(str(STOP_REASONS[row.reason]))),
                ("Từ", f"{write_moment(row.from_at)}, {row.begun_by}"),
                ("Dự kiến tính tiếp từ", write_moment(row.planned_until)),
                ("Thực tế tính tiếp từ", ended),
                ("Minh chứng", "\n".join(filter(None, (row.evidence, row.file_name)))),
            ]
        )
    for number, row in enumerate(extensions_of(inquiry), 1):
        yield pdf.Heading(f"Gia hạn lần {number}", 2)
        yield pdf.Facts(
            [
                ("Đề nghị", f"thêm {_span(deadline, row.days)}, {EXTENSION_REASONS[row.reason]}"),
                ("Người đề nghị", f"{row.asked_by}, {write_moment(row.asked_at)}"),
                ("Minh chứng", "\n".join(filter(None, (row.evidence, row.file_name)))),
                ("Quyết định", _decision(row)),
            ]
        )


def _decision(row: sa.Row) -> str:
    if row.granted is None:
        return "Hồ sơ xong trước khi có quyết định" if row.decided_at else "Chưa quyết định"
    said = "Đồng ý" if row.granted else "Không đồng ý"
    return f"{said}, {row.decided_by}, {write_moment(row.decided_at)}" + (f"\n{row.decision}" if row.decision else "")


def _other_clocks(inquiry: Inquiry, coordinating: Sequence[sa.Row]) -> Iterator[Fact]:
    for row in coordinating:
        sent = f", đã gửi {write_moment(row.sent_at)}" if row.sent_at else ", chưa gửi"
        yield row.agency, (write_moment(row.due_at) if row.due_at else f"hết ngày {write_day(row.due_on)}") + sent
    if inquiry.wanted_at:
        yield "Báo cần trước", write_moment(inquiry.wanted_at)


def _assignment(inquiry: Inquiry, parts: Sequence[sa.Row]) -> Iterator[pdf.Block]:
    if inquiry.lead_agency is None:
        yield pdf.Text("Chưa phân công đơn vị chủ trì.")
    else:
        yield pdf.Facts(
            [
                ("Đơn vị chủ trì", inquiry.lead_agency.name),
                ("Người đứng đầu chịu trách nhiệm", _person(inquiry.responsible)),
                ("Chuyên viên xử lý", _person(inquiry.officer) or "Chưa phân công"),
                *_named("Đơn vị được đề nghị nhận chủ trì", parts, Part.ASKED),
                *_named("Đơn vị nhận để biết", parts, Part.WATCHING),
            ]
        )
    coordinating = [row for row in parts if row.part is Part.COORDINATING]
    if not coordinating:
        return
    yield pdf.Heading("Đơn vị phối hợp", 2)
    yield pdf.Table(
        (
            pdf.Column("STT", 1, "center"),
            pdf.Column("Đơn vị", 4),
            pdf.Column("Nội dung phối hợp", 6),
            pdf.Column("Hạn", 2.5, fits="31/12/2026"),
            pdf.Column("Đã gửi", 3, fits="31/12/2026"),
        ),
        (_coordinating(number, row) for number, row in enumerate(coordinating, 1)),
    )


def _named(label: str, parts: Sequence[sa.Row], part: Part) -> list[Fact]:
    names = [row.agency for row in parts if row.part is part]
    return [(label, "\n".join(names))] if names else []


def _coordinating(number: int, row: sa.Row) -> tuple[pdf.Cell, ...]:
    task = [pdf.Piece(row.task)]
    if row.sent_text:
        task.append(pdf.Piece(f"Đã gửi (bản {row.sent_version}): {row.sent_text}", "italic"))
    due = write_moment(row.due_at) if row.due_at else write_day(row.due_on) if row.due_on else ""
    sent = f"{write_moment(row.sent_at)}\n{row.sent_by}" if row.sent_at else "Chưa gửi"
    return str(number), row.agency, task, due, sent


def _answer(inquiry: Inquiry, history: Sequence[sa.Row]) -> Iterator[pdf.Block]:
    if inquiry.refusal_ground is not None:
        assert inquiry.finished_at is not None
        yield pdf.Facts(
            [
                ("Kết quả", "Từ chối cung cấp thông tin"),
                ("Căn cứ từ chối", str(labels.GROUND[inquiry.refusal_ground])),
                ("Điều khoản", str(labels.GROUND_ARTICLE[inquiry.refusal_ground])),
                ("Thời điểm", write_moment(inquiry.finished_at)),
            ]
        )
        if inquiry.approved_draft is not None:
            yield pdf.Facts([*_approval(inquiry), *_told(inquiry)])
        yield pdf.Text("Lý do đã nêu với cơ quan báo chí:")
        yield pdf.Quote(inquiry.refusal_reason or "")
        return
    if _was_withdrawn(inquiry):
        yield from _withdrawal(history)
    elif inquiry.approved_draft is None and inquiry.released_at is not None:
        yield pdf.Text("Đã trả lời theo sổ theo dõi, nội dung trả lời không lưu trên hệ thống.")
        yield pdf.Facts([*_release(inquiry)])
    elif inquiry.approved_draft is None:
        yield pdf.Text("Chưa có nội dung trả lời được duyệt.")
    if inquiry.approved_draft is not None:
        yield pdf.Facts([*_approval(inquiry), *_release(inquiry)])
        ground = inquiry.approved_draft.ground
        if ground is not None:
            yield pdf.Facts([("Căn cứ từ chối", str(labels.GROUND[ground]))])
        yield pdf.Text("Nguyên văn bản đã duyệt:")
        yield pdf.Quote(inquiry.approved_draft.text)
        yield from _sources(inquiry, inquiry.approved_draft.number)


def _sources(inquiry: Inquiry, number: int) -> Iterator[pdf.Block]:
    """Whose input the approved version took up, who approved that, and whether it was corrected since."""
    for row in sources_of(inquiry, number):
        approver = f"{row.approved_by}, {row.approved_title}" if row.approved_title else row.approved_by
        said = (
            f"Có ý kiến của {row.agency} (bản {row.number}, duyệt bởi {approver} lúc {write_moment(row.approved_at)})."
        )
        if row.corrected_in:
            said += f" {row.agency} đã sửa ý kiến sau khi đưa vào dự thảo."
        yield pdf.Text(said)


def _withdrawal(history: Sequence[sa.Row]) -> Iterator[pdf.Block]:
    for row in history:
        if row.event is InquiryEvent.WITHDRAW:
            yield pdf.Facts([("Kết quả", "Cơ quan báo chí đã rút đề nghị"), ("Ghi nhận lúc", write_moment(row.at))])
            yield pdf.Quote(labels.quotation(row))


def _approval(inquiry: Inquiry) -> Iterator[Fact]:
    """Every seal that stands: at which step, by whom with the title held then, in whose place, when, of what."""
    draft = inquiry.approved_draft
    assert draft is not None
    yield "Bản được duyệt", f"Bản {draft.number}"
    seals = [row for row in reviews_of(inquiry) if row.approved and row.voided_at is None]
    for seal in sorted(seals, key=lambda row: (row.at, row.id)):
        yield _APPROVED_BY[seal.step], "\n".join(labels.seal_words(seal))
    if draft.files:
        yield "Tệp kèm theo bản duyệt", "\n".join(f"{file.file_name} ({_grouped(file.digest)})" for file in draft.files)
    yield "Mã kiểm của bản duyệt (SHA-256)", _grouped(draft.digest)


_APPROVED_BY = {
    ReviewStep.AGENCY: "Đơn vị chủ trì duyệt",
    ReviewStep.PROVINCE: "UBND tỉnh duyệt",
}


def _grouped(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, 64, 8))


def _release(inquiry: Inquiry) -> Iterator[Fact]:
    if inquiry.answer_form is None or inquiry.released_at is None:
        yield "Phát hành", "Chưa phát hành"
        return
    yield "Hình thức trả lời", str(labels.ANSWER_FORM[inquiry.answer_form])
    if inquiry.answer_states:
        yield "Nội dung đã nêu", labels.states_words(inquiry.answer_states)
    yield "Trả lời lúc", write_moment(inquiry.released_at)
    right = inquiry.speaker_right
    yield "Người phát ngôn", labels.speaker_words(right) if right else _person(inquiry.speaker)
    yield "Minh chứng", inquiry.evidence


def _told(inquiry: Inquiry) -> Iterator[Fact]:
    if inquiry.answer_form is not None:
        yield "Hình thức báo từ chối", str(labels.ANSWER_FORM[inquiry.answer_form])
        yield "Minh chứng", inquiry.evidence


def _recipients(inquiry: Inquiry, parts: Sequence[sa.Row]) -> pdf.Recipients:
    copied = (Part.INTAKE, Part.COORDINATING)
    names = [row.agency for row in parts if row.part in copied and row.agency_id != inquiry.lead_agency_id]
    return pdf.Recipients(list(dict.fromkeys(names)), f"hồ sơ {inquiry.code}")


def _was_withdrawn(inquiry: Inquiry) -> bool:
    return inquiry.finished_at is not None and inquiry.released_at is None and inquiry.refusal_ground is None


def _person(person: Person | None) -> str:
    if person is None:
        return ""
    return f"{person.full_name}, {person.title}" if person.title else person.full_name


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def calendar_of(person: Person, now: datetime) -> Iterator[FeedEntry]:
    """What a person's private calendar shows, in their language: cases and parts that run, by when they are due."""
    for row in owed_by(person, now):
        clock = str(CLOCKS[ClockKey(row.clock_key)])
        yield _entry(row, f"inquiry-{row.id}", "", clock if row.agency is None else f"{clock}, {row.agency}")
    for row in parts_owed_by(person):
        yield _entry(row, f"part-{row.part_id}", _("Our part") + ": ", row.task)


def _entry(row: sa.Row, uid: str, lead: str, note: str) -> FeedEntry:
    return FeedEntry(
        uid=uid,
        title=f"{lead}{write_number(row.year, row.number)}, {row.subject}",
        path=f"/inquiries/{row.id}",
        changed_at=row.changed_at,
        due_on=row.due_on,
        due_at=row.due_at,
        note=note,
        alarm_at=row.next_reminder_at,
    )

"""What coordinating agencies of the demo do in their boxes: one writes, another approves; boxes in every state."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.demo.letters import NOTE
from pr_tracker.files import KeptFile, keep_file
from pr_tracker.inquiries.actions import merging, parts
from pr_tracker.inquiries.actions.beats import current_part
from pr_tracker.inquiries.models import HistoryEntry, Inquiry, Participation
from pr_tracker.inquiries.queries.parts import current_version, used_of
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import WORKING, Status
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_parts import BoxState
from pr_tracker.pdf import Block, Document, Heading, Text, build
from pr_tracker.permissions import Role

MINUTE = timedelta(minutes=1)
ASKED = (
    "Phần việc thuộc trách nhiệm của quý cơ quan trong vụ việc này đã làm đến đâu?",
    "Số liệu đến hôm nay, ghi rõ nguồn.",
    "Thời hạn hoàn thành và đơn vị trực tiếp thực hiện.",
)
FURTHER = ("Đề nghị bổ sung số liệu của ba tháng gần nhất.",)
BACK = ("Số liệu ở câu 2 tính đến ngày nào?", "Có bao gồm các xã vùng ven không?")
WORDS = (
    "Phần việc thuộc trách nhiệm của cơ quan đã được kiểm tra thực tế và lập biên bản. Số liệu lấy từ báo cáo tuần của "
    "đơn vị quản lý. Đơn vị trực tiếp thực hiện cam kết hoàn thành trong quý này."
)
RETURNED = "Chưa ghi số liệu tính đến ngày nào, đề nghị bổ sung trước khi gửi."
ALONE = "Cơ quan đã chỉ đạo kiểm tra ngay trong ngày; kết quả sẽ gửi đơn vị chủ trì trước 16 giờ ngày mai."
REMARK = "Cần trước khi trình duyệt dự thảo trả lời."


def send_part(case: Inquiry, author: Person, text: str, now: datetime) -> None:
    """An agency sends its part: the author writes and submits, the agency's head approves."""
    part = current_part(case, author.agency, Part.COORDINATING)
    assert part is not None
    _send(case, part, author, text, now)


def take_up(case: Inquiry, number: int, actor: Person, now: datetime) -> None:
    """Of every fifth case the first draft takes up what agencies have sent, with its source."""
    draft = latest_draft(case)
    if number % 5 != 3 or draft is None or draft.number != 1:
        return
    for part in _boxes(case, BoxState.SENT):
        sent, newest = current_version(part), latest_draft(case)
        assert sent is not None
        assert newest is not None
        merging.merge(case, sent, newest.text, actor=actor, now=now)


def boxes_as_they_stand(cases: Iterable[Inquiry], agency: Agency, moment: datetime, uploads: Path | None) -> None:
    """Boxes of open cases in every state: one agency has several to write, to approve, returned and asked back."""
    staff = _first(agency, Role.STAFF)
    working = [case for case in cases if case.finished_at is None and case.status in WORKING and case.officer]
    free = (case for case in working if _may_be_asked(case, agency, moment))
    for _, state in zip(range(6), (None, "drafting", "submitted", "returned", "asked_back", "alone"), strict=True):
        case = next(free, None)
        if case is not None:
            _bring_to(case, agency, staff, state, moment, uploads)
    used = [case for case in working if case.status is Status.DRAFTING and [*_boxes(case, BoxState.SENT)]]
    for case in used[:1]:
        _use_and_correct(case, moment)
    for case in used[1:2]:
        part = next(_boxes(case, BoxState.SENT))
        parts.ask_again(case, part, FURTHER, actor=_officer(case), now=moment, note_text=REMARK)


def _bring_to(
    case: Inquiry, agency: Agency, staff: Person, state: str | None, moment: datetime, uploads: Path | None
) -> None:
    at = moment - timedelta(hours=2)
    part = parts.ask(case, [agency], ASKED, actor=_officer(case), now=at, note_text=REMARK)[0]
    if state is None:
        return
    if state == "alone":
        assert agency.head is not None
        _send(case, part, agency.head, ALONE, at + 40 * MINUTE)
        return
    if state == "asked_back":
        _send(case, part, staff, WORDS, at + 30 * MINUTE)
        parts.ask_again(case, part, BACK, back=True, actor=_officer(case), now=at + 50 * MINUTE)
        return
    files = [_report(case, staff, at, uploads)] if uploads and state == "submitted" else []
    parts.save(case, part, WORDS, files, actor=staff, now=at + 30 * MINUTE)
    if state in ("submitted", "returned"):
        parts.submit(case, part, actor=staff, now=at + 35 * MINUTE)
    if state == "returned":
        assert agency.head is not None
        parts.return_version(case, part, RETURNED, actor=agency.head, now=at + 60 * MINUTE)


def _report(case: Inquiry, by: Person, at: datetime, uploads: Path) -> KeptFile:
    """The paper that goes with a part: one page."""
    out = BytesIO()
    blocks: list[Block] = [Heading(f"Báo cáo kiểm tra, {case.code}"), Text(WORDS), Text(NOTE)]
    build(Document("Báo cáo kiểm tra", blocks), out)
    return keep_file("Bao cao kiem tra.pdf", out.getvalue(), folder=uploads, largest=2, by=by.id, now=at)


def _use_and_correct(case: Inquiry, moment: datetime) -> None:
    """The answer takes up what an agency sent; the agency corrects it afterwards."""
    part = next(_boxes(case, BoxState.SENT))
    sent, draft = current_version(part), latest_draft(case)
    assert sent is not None
    assert draft is not None
    if used_of(part) is None:  # else the first draft took it up
        merging.merge(case, sent, draft.text, actor=_officer(case), now=moment)
    corrected = f"{sent.text}\nSố liệu đã được rà soát lại."
    _send(case, part, _first(part.agency, Role.STAFF), corrected, moment)


def _send(case: Inquiry, part: Participation, author: Person, text: str, now: datetime) -> None:
    head = part.agency.head
    assert head is not None
    parts.save(case, part, text, actor=author, now=now)
    parts.submit(case, part, actor=author, now=now)
    parts.approve(case, part, actor=head, now=now)


def _boxes(case: Inquiry, state: BoxState) -> Iterator[Participation]:
    query = sa.select(Participation).where(Participation.inquiry_id == case.id, Participation.box == state)
    yield from db.session.scalars(query.where(Participation.ended_at.is_(None)).order_by(Participation.id)).all()


def _may_be_asked(case: Inquiry, agency: Agency, moment: datetime) -> bool:
    """Whether the agency has no part yet, and nothing happened in the last hours that this would come before."""
    if case.lead_agency_id == agency.id or current_part(case, agency, Part.COORDINATING):
        return False
    last_at = db.session.scalar(sa.select(sa.func.max(HistoryEntry.at)).where(HistoryEntry.inquiry_id == case.id))
    return last_at is not None and last_at < moment - timedelta(hours=2)


def _officer(case: Inquiry) -> Person:
    assert case.officer is not None
    return case.officer


def _first(agency: Agency, role: Role) -> Person:
    """The first of an agency's people with a role."""
    query = sa.select(Person).where(Person.agency_id == agency.id, Person.active).order_by(Person.id)
    return next(person for person in db.session.scalars(query) if role in person.roles)

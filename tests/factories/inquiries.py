"""Inquiries for tests, made by the office's own actions."""

from datetime import timedelta
from functools import cached_property

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.inquiries.actions import answer, handling, intake, refusing, sealing
from pr_tracker.inquiries.actions.intake import NewInquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_articles import Stated
from pr_tracker.inquiries.rules_kinds import AnswerForm, Channel, Kind, RefusalGround
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.outlets import a_journalist, an_outlet


class Province:
    """The provincial office, one department with a head, a deputy and a drafter, and another department."""

    def __init__(self):
        self.office = an_agency("Văn phòng Ủy ban nhân dân tỉnh", kind=AgencyKind.PROVINCE_OFFICE)
        self.clerk = a_person("Trần Văn Thư", agency=self.office)
        self.department = an_agency("Sở Xây dựng", superior=self.office)
        self.drafter = a_person("Nguyễn Chuyên Viên", agency=self.department)
        self.head = a_person("Lê Giám Đốc", agency=self.department, roles=(Role.HEAD,), title="Giám đốc")
        self.deputy = a_person("Phạm Phó", agency=self.department, roles=(Role.HEAD,), title="Phó Giám đốc")
        self.other = an_agency("Sở Tài chính", superior=self.office)
        self.stranger = a_person("Võ Người Ngoài", agency=self.other)
        self.other_head = a_person("Đỗ Giám Đốc", agency=self.other, roles=(Role.HEAD,), title="Giám đốc")
        self.supervisor = a_person("Bùi Giám Sát", agency=self.other, roles=(Role.SUPERVISOR,))

    @cached_property
    def committee(self):
        """UBND tỉnh, for tests in which its leadership acts."""
        return an_agency("Ủy ban nhân dân tỉnh", kind=AgencyKind.PROVINCE)

    @cached_property
    def chairman(self):
        return a_person("Hồ Chủ Tịch", agency=self.committee, roles=(Role.HEAD,), title="Chủ tịch")

    @cached_property
    def vice_chairman(self):
        assert self.chairman  # heads the agency
        return a_person("Mai Phó Chủ Tịch", agency=self.committee, roles=(Role.HEAD,), title="Phó Chủ tịch")


def an_inquiry(
    province,
    *,
    status=Status.RECEIVED,
    subject="Đường vào khu tái định cư ngập sau mưa",
    questions=("Bao giờ khơi thông hệ thống thoát nước?",),
    kind=Kind.QUESTION,
    outlet=None,
    journalists=None,
    received_at=None,
    now=NOW,
    **facts,
):
    """A case in any status, led by the department once it is assigned."""
    outlet = outlet or an_outlet(now=now)
    journalists = [a_journalist(outlet=outlet, now=now)] if journalists is None else journalists
    new = NewInquiry(
        subject=subject,
        questions=list(questions),
        outlet=outlet,
        journalists=journalists,
        channel=facts.pop("channel", Channel.PHONE),
        kind=kind,
        received_at=received_at or now - timedelta(minutes=5),
        **facts,
    )
    inquiry = intake.log_inquiry(new, actor=province.clerk, now=now)
    _bring_to(inquiry, status, province, now)
    return inquiry


def _bring_to(inquiry, status, province, now):
    if status is Status.RECEIVED:
        return
    if status is Status.WITHDRAWN:
        answer.withdraw(inquiry, "Báo điện thoại rút câu hỏi", actor=province.clerk, now=now)
        return
    handling.assign(inquiry, province.department, actor=province.clerk, now=now)
    if status is Status.ASSIGNED:
        return
    if status is Status.REFUSED:
        refused(inquiry, province, now=now)
        return
    answer.save_draft(inquiry, "Sở đã kiểm tra hiện trường.", actor=province.drafter, now=now)
    if status is Status.DRAFTING:
        return
    answer.submit(inquiry, actor=province.drafter, now=now)
    if status is Status.IN_REVIEW:
        return
    if status is Status.RETURNED:
        sealing.return_draft(inquiry, "Chưa nêu thời hạn", actor=province.head, now=now)
        return
    approved(inquiry, province, now=now)
    if status is Status.APPROVED:
        return
    released = {"at": now, "speaker": province.head, "evidence": "Công văn số 12/SXD-VP", "stated": (Stated.RESULT,)}
    sealing.release(inquiry, AnswerForm.WRITTEN, **released, actor=province.drafter, now=now)
    if status is Status.ARCHIVED:
        answer.close(inquiry, "", actor=province.drafter, now=now)
        answer.archive(inquiry, actor=province.drafter, now=now)


def approved(inquiry, province, *, now=NOW):
    """Every approval that the submitted text needs."""
    sealing.approve(inquiry, actor=province.deputy, now=now)
    if inquiry.status is Status.IN_REVIEW:
        sealing.approve(inquiry, actor=province.chairman, now=now)


def refused(inquiry, province, *, ground=RefusalGround.INVESTIGATION, reason="Vụ án đang điều tra", now=NOW, told=True):
    """Drafted, approved and, unless `told` is off, told to the press."""
    answer.save_and_submit(inquiry, reason, ground=ground, actor=province.drafter, now=now)
    approved(inquiry, province, now=now)
    if told:
        said = {"at": now, "evidence": "Công văn số 15/SXD-VP"}
        refusing.refuse(inquiry, AnswerForm.WRITTEN, **said, actor=province.drafter, now=now)

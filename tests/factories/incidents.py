"""Incidents for tests, made by the office's own actions."""

from datetime import timedelta

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.incidents.actions import opening, releasing, statement
from pr_tracker.incidents.actions.opening import IncidentFacts
from pr_tracker.incidents.actions.releasing import Release
from pr_tracker.incidents.rules_kinds import IncidentKind, Moments
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.inquiries import Province as InquiryProvince

TEXT = "Chính quyền đã tiếp cận hiện trường, chưa ghi nhận thương vong. Thông tin tiếp theo lúc 15:00."


class Province(InquiryProvince):
    """The province of inquiries, with UBND tỉnh above its office: whoever gives the second approval."""

    def __init__(self):
        super().__init__()
        self.top = an_agency("Ủy ban nhân dân tỉnh An Giang", kind=AgencyKind.PROVINCE)
        self.chairman = a_person("Trần Chủ Tịch", agency=self.top, roles=(Role.HEAD,), title="Chủ tịch")
        self.vice = a_person("Vũ Phó Chủ Tịch", agency=self.top, roles=(Role.HEAD,), title="Phó Chủ tịch")
        db.session.flush()


def an_incident(
    province,
    *,
    inquiries=(),
    title="Sạt lở bờ kênh tại phường Vĩnh Thông",
    kind=IncidentKind.INCIDENT,
    received_at=None,
    agency=None,
    actor=None,
    now=NOW,
    **moments,
):
    """An open incident of the department, received an hour before `now` unless said."""
    known = Moments(received_at or now - timedelta(hours=1), **moments)
    agency = agency or province.department
    made = opening.open_incident(
        IncidentFacts(title, kind, known, "Nước xoáy mạnh từ đêm qua."),
        agency,
        inquiries=inquiries,
        actor=actor or province.drafter,
        now=now,
    )
    db.session.flush()
    return made


def submitted(incident, province, *, text=TEXT, now=NOW):
    statement.save_and_submit(incident, text, actor=province.drafter, now=now)
    return incident


def approved(incident, province, *, text=TEXT, now=NOW):
    """Approved by the department's head and by the chairman."""
    submitted(incident, province, text=text, now=now)
    statement.approve(incident, actor=province.head, now=now)
    statement.approve(incident, actor=province.chairman, now=now)
    return incident


def given(province, *, at=NOW, **facts):
    known = {"form": AnswerForm.WRITTEN, "at": at, "speaker": province.head, "evidence": "Thông cáo số 5/TC-SXD"}
    return Release(**known | facts)


def released(incident, province, *, now=NOW, **facts):
    approved(incident, province, now=now)
    return releasing.release(incident, given(province, at=now, **facts), actor=province.drafter, now=now)

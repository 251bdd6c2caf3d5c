"""Duties, press conferences and spokespersons for tests, made by the office's own actions."""

from datetime import UTC, datetime, timedelta

from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.db import db
from pr_tracker.duties import actions, actions_conferences
from pr_tracker.duties.rules import ConferenceFacts, ConferenceFormat
from pr_tracker.office_time import OFFICE_ZONE
from pr_tracker.permissions import Role
from pr_tracker.spokespersons.rules import SpokespersonFacts
from tests.factories.accounts import NOW, a_person, an_agency


def office(day: int, month: int, year: int = 2026, hour: int = 9, minute: int = 0) -> datetime:
    """A moment on the office's wall clock, in UTC as the clock gives it."""
    return datetime(year, month, day, hour, minute, tzinfo=OFFICE_ZONE).astimezone(UTC)


class Province:
    """UBND tỉnh with its chairman, its office with a registrar and a head, two departments."""

    def __init__(self):
        self.top = an_agency(
            "Ủy ban nhân dân tỉnh An Giang", kind=AgencyKind.PROVINCE, signing_form=SigningForm.COLLECTIVE
        )
        self.chairman = a_person("Trần Chủ Tịch", agency=self.top, roles=(Role.HEAD,), title="Chủ tịch")
        self.office = an_agency("Văn phòng UBND tỉnh", kind=AgencyKind.PROVINCE_OFFICE, superior=self.top)
        self.clerk = a_person("Trần Văn Thư", agency=self.office)
        self.chief = a_person("Lê Chánh Văn Phòng", agency=self.office, roles=(Role.HEAD,))
        self.department = an_agency("Sở Xây dựng", superior=self.top)
        self.staff = a_person("Nguyễn Chuyên Viên", agency=self.department)
        self.head = a_person("Lê Giám Đốc", agency=self.department, roles=(Role.HEAD,), title="Giám đốc")
        self.other = an_agency("Sở Tài chính", superior=self.top)
        self.stranger = a_person("Võ Người Ngoài", agency=self.other)
        self.supervisor = a_person("Bùi Giám Sát", agency=self.other, roles=(Role.SUPERVISOR,))
        db.session.flush()


def conference_facts(starts_at=None, **facts):
    known = {
        "title": "Tiến độ các dự án giao thông",
        "starts_at": starts_at or NOW + timedelta(days=5),
        "place": "Hội trường A",
        "format": ConferenceFormat.IN_PERSON,
        "periodic": False,
        "chair": "Giám đốc Lê Giám Đốc",
        "content": "Tiến độ và phương án",
    }
    return ConferenceFacts(**known | facts)


def a_conference(province, starts_at=None, *, agency=None, actor=None, now=NOW, **facts):
    """A department's press conference, or another agency's."""
    agency = agency or province.department
    actor = actor or (province.clerk if agency is province.top else province.staff)
    made = actions_conferences.plan(agency, conference_facts(starts_at, **facts), actor=actor, now=now)
    db.session.flush()
    return made


def a_periodic_conference(province, held_at, *, now=None):
    """A periodic press conference of the province, held."""
    conference = a_conference(province, held_at, agency=province.top, periodic=True, now=now or held_at)
    actions_conferences.hold(
        conference, held_at, "Thông cáo số 1", actor=province.clerk, now=now or held_at + timedelta(hours=2)
    )
    return conference


def a_publication(province, decided_at=None, *, now=NOW, number="215/QĐ-SXD", name="Phạm Phát Ngôn"):
    facts = SpokespersonFacts(name, "Phó Giám đốc", "0000 911 200", "pn@angiang.example", number, decided_at or now)
    named = {"person_id": province.staff.id, "actor": province.head}
    duty = actions.record_spokesperson(province.department, facts, **named, now=now)
    db.session.flush()
    return duty

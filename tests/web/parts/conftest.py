"""A case at a department, and the box of an agency that was asked; another head there besides its director."""

import pytest

from pr_tracker.inquiries.rules import Status
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part


@pytest.fixture
def now(set_clock):
    """now(moment): the wall clock shows it; NOW to begin with."""
    set_clock(NOW)
    return set_clock


@pytest.fixture
def province(session, now):
    province = Province()
    province.other_deputy = a_person("Hồ Phó", agency=province.other, roles=(Role.HEAD,), title="Phó Giám đốc")
    return province


@pytest.fixture
def case(province):
    return an_inquiry(province, status=Status.DRAFTING)


@pytest.fixture
def box(province, case):
    return a_part(case, province.other, "Bao nhiêu kinh phí?", "Từ nguồn nào?", actor=province.drafter)

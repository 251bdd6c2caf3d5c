"""What a list gives out as Excel or CSV, in either language, comes in again: unchanged where it came from, whole where
nothing is."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.db import db
from pr_tracker.imports.rules import Verdict
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Role
from tests.factories.accounts import a_person, an_agency
from tests.factories.imports import TAKEN
from tests.factories.ledgers import an_import, rows_of, verdicts_of, why, written
from tests.factories.outlets import a_journalist, an_outlet
from tests.factories.trainings import a_class, a_roster

FORMS = [(form, lang) for form in ("xlsx", "csv") for lang in ("vi", "en")]


@pytest.fixture
def clerk(session):
    """Somebody who may take in every list, with something in every register."""
    province = an_agency("UBND tỉnh Thử", kind=AgencyKind.PROVINCE, signing_form=SigningForm.COLLECTIVE)
    office = an_agency("Văn phòng Thử", kind=AgencyKind.PROVINCE_OFFICE, superior=province)
    an_agency("Phường Thử", kind=AgencyKind.COMMUNE, superior=province, signing_form=SigningForm.COLLECTIVE)
    a_person("Lê Thị Lãnh Đạo", agency=office, roles={Role.HEAD, Role.TRAINER}, title="Chánh Văn phòng")
    one = an_outlet("Báo Nhịp sống", kind=OutletKind.ONLINE, phone="+84 296 000 0000", website="https://nhip.example")
    two = an_outlet("Tạp chí “Sông; Nước”", kind=OutletKind.MAGAZINE, short_name="SN", address="1 Đường A; Rạch Giá")
    an_outlet("-Báo lạ=1+1", kind=OutletKind.PRINT)
    a_journalist("Đoàn Nhật Vy", outlet=one, press_card="NB-012", phone="0900 000 001", email="vy@bao.example")
    a_journalist("Đoàn Nhật Vy", outlet=two)
    clerk = a_person("Quản Trị", agency=office, roles=set(Role))
    db.session.commit()
    return clerk


def table_of(content):
    return [[cell or "" for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize(("form", "lang"), FORMS)
@pytest.mark.parametrize("kind", ["outlets", "journalists", "agencies", "people"])
def test_a_list_that_went_out_changes_nothing_when_it_comes_in_again(clerk, sign_in, kind, form, lang):
    content = sign_in(clerk).get(f"/{kind}.{form}?lang={lang}").data
    one = an_import(content, actor=clerk, kind=kind, file_name=f"{kind}.{form}")
    found = {number: (row.verdict, why(row), row.changes) for number, row in rows_of(one).items()}
    assert set(verdicts_of(one)) == {Verdict.UNCHANGED}, found


def test_the_register_of_the_press_comes_back_whole_into_an_empty_one(clerk, sign_in):
    client = sign_in(clerk)
    lists = {kind: client.get(f"/{kind}.xlsx").data for kind in ("outlets", "journalists")}
    db.session.execute(sa.delete(Journalist))
    db.session.execute(sa.delete(Outlet))
    db.session.commit()
    for kind, content in lists.items():
        one = an_import(content, actor=clerk, kind=kind, file_name=f"{kind}.xlsx")
        written(one, actor=clerk, verdicts=TAKEN)
    for kind, content in lists.items():
        assert table_of(client.get(f"/{kind}.xlsx").data) == table_of(content)


@pytest.mark.parametrize(("form", "lang"), FORMS)
def test_the_roster_of_a_class_changes_nothing_when_it_comes_in_again(clerk, sign_in, form, lang):
    one = a_class()
    a_roster(one, "Nguyễn Văn An", "Trần Thị Bé", "Nguyễn Văn An")
    db.session.commit()
    content = sign_in(clerk).get(f"/trainings/classes/{one.id}/roster.{form}?lang={lang}").data
    looked = an_import(content, actor=clerk, kind="roster", file_name=f"lop.{form}", about_id=one.id)
    assert verdicts_of(looked) == [Verdict.UNCHANGED] * 3

"""Hostile files on the page of imports: each is refused beside its field with a sentence, and nothing of it stays."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.imports import jobs
from pr_tracker.imports.models import Import, ImportRow
from pr_tracker.outlets.models import Outlet
from tests.factories.accounts import a_person
from tests.factories.ledgers import an_import, rows_of, why
from tests.hostile import READ, REFUSED


@pytest.fixture
def staff(session):
    person = a_person()
    db.session.commit()
    return person


def sent(client, file):
    data = {"file": (BytesIO(file.content()), file.name)}
    return client.post("/imports/new/outlets", data=data, content_type="multipart/form-data")


def test_every_hostile_file_is_refused_and_leaves_nothing(staff, sign_in):
    client = sign_in(staff)
    before = set(jobs.folder().glob("*"))
    for file in REFUSED:
        page = sent(client, file)
        assert page.status_code == 422, file.name
        assert 'class="field-error"' in page.text or "aria-invalid" in page.text, file.name
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(Import)), file.name
        assert set(jobs.folder().glob("*")) == before, file.name


def test_every_odd_list_is_looked_at_and_nothing_is_written(staff, sign_in):
    client = sign_in(staff)
    for file in READ:
        assert sent(client, file).status_code in (303, 422), file.name
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(Outlet))
    assert not db.session.scalar(sa.select(sa.func.count()).where(ImportRow.written))


def test_what_rows_try_gets_its_verdict_row_by_row(staff):
    lines = (
        ("Báo A", "báo in", "0297 3852 345"),
        ("=HYPERLINK(1)", "báo in", ""),
        ("Báo B" * 60, "báo in", ""),
        ("Báo C\u202egnad", "báo in", ""),
        ("Báo D", "ASAP", ""),
        ("Báo E", "báo in", "#N/A"),
        ("báo a", "báo in", ""),
        ("", "báo in", "0297"),
        ("<script>alert(1)</script>", "báo in", ""),
    )
    text = "Tên;Loại hình;Điện thoại\n" + "".join(";".join(line) + "\n" for line in lines)
    found = rows_of(an_import(text.encode(), actor=staff, kind="outlets"))
    good = [number for number, row in found.items() if row.verdict.value == "new"]
    assert (good, len(found)) == ([2, 3, 5, 10], 9)
    assert {row.verdict.value for number, row in found.items() if number not in good} == {"rejected"}
    assert why(found[8]) == ["This stands in row 2 already."]
    assert found[5].cells[0] == "Báo Cgnad"

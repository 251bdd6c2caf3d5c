"""The pages of an import: choose a file, name its columns, say what names mean, write, take back what was left out."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from pr_tracker.db import db
from pr_tracker.imports import actions
from pr_tracker.imports.models import Import, ImportRow
from pr_tracker.imports.rules import GOOD, ImportState
from pr_tracker.inquiries.models import Inquiry
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province
from tests.factories.ledgers import a_csv, a_workbook
from tests.factories.outlets import an_outlet

GOOD_ROW = ("1", "20/01/2026", "Báo Tuổi Trẻ", "Trần Thị Bình", "Tiến độ đường ven biển", "Sở Xây dựng", "26/01/2026")
BAD_ROW = ("2", "31/02/2026", "Báo Tuổi Trẻ", "", "Giá nhà", "Sở Xây dựng", "")


@pytest.fixture
def province(session):
    province = Province()
    an_outlet("Báo Tuổi Trẻ")
    db.session.commit()
    return province


@pytest.fixture
def desk(province, sign_in):
    return sign_in(province.clerk)


def sent(client, content, *, kind="inquiries", name="so.csv"):
    return client.post(f"/imports/new/{kind}", data={"file": (BytesIO(content), name)}, follow_redirects=True)


def only_import():
    return db.session.scalars(db.select(Import)).one()


def test_a_file_is_looked_at_and_its_good_rows_are_written(desk):
    page = sent(desk, a_csv([GOOD_ROW, BAD_ROW]))
    assert page.status_code == 200
    assert "31/02/2026" in page.text
    one = only_import()
    assert one.counts == {"new": 1, "rejected": 1}
    assert not db.session.scalar(db.select(db.func.count(Inquiry.id)))
    page = desk.post(f"/imports/{one.id}/confirm", data={"what": "good", "seen": one.version}, follow_redirects=True)
    assert page.status_code == 200
    db.session.refresh(one)
    assert (one.state, one.written) == (ImportState.DONE, 1)
    case = db.session.scalars(db.select(Inquiry)).one()
    assert "so.csv" in desk.get(f"/inquiries/{case.id}").text, "the history says that it was taken over"
    assert desk.get(f"/inquiries/{case.id}/sheet.pdf").status_code == 200
    left = load_workbook(BytesIO(desk.get(f"/imports/{one.id}/left-out").data)).active
    rows = [[cell.value for cell in row] for row in left.iter_rows(min_row=3)]
    assert rows[1][:2] == ["2", "31/02/2026"]
    assert "31/02/2026" in rows[1][-1]


def test_a_preview_that_is_old_is_not_written(desk):
    sent(desk, a_csv([GOOD_ROW]))
    one = only_import()
    page = desk.post(f"/imports/{one.id}/confirm", data={"what": "good", "seen": one.version - 1})
    assert page.status_code == 409
    assert not db.session.scalar(db.select(db.func.count(Inquiry.id)))


def test_columns_named_by_hand_are_remembered(desk):
    heads = ("Cột A", "Cột B", "Cột C", "Ngày nhận", "Trích yếu", "Đơn vị chủ trì", "Ngày trả lời")
    row = (GOOD_ROW[0], GOOD_ROW[2], GOOD_ROW[3], GOOD_ROW[1], *GOOD_ROW[4:])
    content = a_csv([row], heads)
    page = sent(desk, content)
    assert "column_outlet" in page.text
    one = only_import()
    form = {f"column_{key}": str(place) for key, place in one.columns.items()} | {"seen": "1"}
    assert desk.post(f"/imports/{one.id}/columns", data=form).status_code == 422, "the press agency is needed"
    page = desk.post(f"/imports/{one.id}/columns", data={**form, "column_outlet": "1"}, follow_redirects=True)
    assert page.status_code == 200
    db.session.refresh(one)
    assert one.counts == {"new": 1}
    assert "column_outlet" not in sent(desk, content).text


def test_a_name_is_explained_once_and_remembered(desk):
    rows = [[{2: "TT Online"}.get(at, cell) for at, cell in enumerate(GOOD_ROW)]]
    page = sent(desk, a_csv(rows))
    assert "TT Online" in page.text
    one = only_import()
    assert one.counts == {"rejected": 1}
    desk.post(f"/imports/{one.id}/names", data={"name-0": "bao tuoi tre"})
    db.session.refresh(one)
    assert one.counts == {"new": 1}
    sent(desk, a_csv([[*rows[0][:3], "", *rows[0][4:]]]))
    assert db.session.scalars(db.select(Import).order_by(Import.id.desc())).first().counts == {"new": 1}


def test_a_press_agency_that_is_new_can_be_put_on_record(desk):
    sent(desk, a_csv([[{2: "Báo Cần Giuộc"}.get(at, cell) for at, cell in enumerate(GOOD_ROW)]]))
    one = only_import()
    desk.post(f"/imports/{one.id}/names", data={"new-0": "1"})
    db.session.refresh(one)
    assert one.counts == {"new": 1}


def test_what_is_no_table_is_refused_and_not_kept(desk):
    for name, content in (("so.pdf", b"%PDF-1.7 nothing"), ("so.xlsx", b"PK\x03\x04 broken"), ("so.csv", b"")):
        page = desk.post("/imports/new/inquiries", data={"file": (BytesIO(content), name)})
        assert page.status_code == 422
    assert not db.session.scalar(db.select(db.func.count(Import.id)))


def test_the_second_sheet_can_be_read(desk):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Không có gì"])
    second = book.create_sheet("Sổ 2026")
    for row in (["Số", "Ngày nhận", "Cơ quan báo chí", "Trích yếu"], ["1", "20/01/2026", "Báo Tuổi Trẻ", "Việc"]):
        second.append(row)
    out = BytesIO()
    book.save(out)
    page = sent(desk, out.getvalue(), name="sổ.xlsx")
    assert "Sổ 2026" in page.text
    one = only_import()
    page = desk.post(f"/imports/{one.id}/sheet", data={"sheet": "Sổ 2026"}, follow_redirects=True)
    assert "column_subject" in page.text
    db.session.refresh(one)
    assert one.sheet == "Sổ 2026"
    assert set(one.columns) == {"number", "received", "outlet", "subject"}


def test_another_sheet_is_looked_at_before_anything_of_it_is_written(desk):
    from openpyxl import Workbook

    book = Workbook()
    heads = ["Số", "Ngày nhận", "Cơ quan báo chí", "Trích yếu"]
    for name in ("Một", "Hai"):
        sheet = book.create_sheet(name)
        sheet.append(heads)
        sheet.append(["1", "20/01/2026", "Báo Tuổi Trẻ", f"Việc {name}"])
    del book["Sheet"]
    out = BytesIO()
    book.save(out)
    sent(desk, out.getvalue(), name="sổ.xlsx")
    one = only_import()
    seen = one.version
    desk.post(f"/imports/{one.id}/sheet", data={"sheet": "Hai"})
    assert "column_subject" in desk.get(f"/imports/{one.id}", follow_redirects=True).text
    assert desk.post(f"/imports/{one.id}/confirm", data={"what": "good", "seen": seen}).status_code in (409, 422)
    assert not db.session.scalar(db.select(db.func.count(Inquiry.id)))
    assert not db.session.scalar(db.select(db.func.count()).select_from(ImportRow))


def test_while_rows_are_written_nobody_changes_what_they_are(desk, province):
    sent(desk, a_csv([GOOD_ROW]))
    one = only_import()
    actions.confirm(one, GOOD, seen=None, actor=province.clerk, now=NOW)
    db.session.commit()
    columns = {f"column_{key}": str(place) for key, place in one.columns.items()} | {"seen": str(one.version)}
    assert desk.post(f"/imports/{one.id}/columns", data=columns).status_code == 409
    assert desk.post(f"/imports/{one.id}/sheet", data={"sheet": "", "head_row": "1"}).status_code == 409
    assert desk.post(f"/imports/{one.id}/names", data={}).status_code == 409
    db.session.refresh(one)
    assert one.state is ImportState.WRITING


def test_another_agency_sees_nothing_of_it(desk, province, sign_in):
    sent(desk, a_csv([GOOD_ROW]))
    one = only_import()
    other = sign_in(province.stranger)
    for path in ("", "/columns", "/left-out"):
        assert other.get(f"/imports/{one.id}{path}").status_code == 404


def test_a_dropped_file_leaves_no_rows(desk):
    sent(desk, a_csv([GOOD_ROW]))
    one = only_import()
    desk.post(f"/imports/{one.id}/drop")
    db.session.refresh(one)
    assert (one.state, one.stored_name) == (ImportState.DROPPED, None)
    assert not db.session.scalar(db.select(db.func.count()).select_from(ImportRow))
    assert desk.get(f"/imports/{one.id}").status_code == 200


def test_the_empty_list_of_a_kind_can_be_filled_in_and_taken(desk):
    book = load_workbook(BytesIO(desk.get("/imports/template/inquiries").data))
    heads = [cell.value for cell in book.worksheets[0][3]]
    row = {"Số trong sổ": "5"}
    assert len(heads) == len(set(heads))
    content = a_workbook([["5", "20/01/2026", "", "Báo Tuổi Trẻ", "", "Việc", *[""] * (len(heads) - 6)]], heads)
    sent(desk, content, name="mau.xlsx")
    assert only_import().counts == {"new": 1}, row


def test_every_page_is_whole(desk):
    sent(desk, a_csv([GOOD_ROW, BAD_ROW]))
    one = only_import()
    for path in ("/imports", "/imports/new/inquiries", f"/imports/{one.id}", f"/imports/{one.id}/columns"):
        for language in ("vi", "en"):
            assert desk.get(f"{path}?lang={language}").status_code == 200
    assert desk.get(f"/imports/{one.id}?verdict=rejected").text.count("31/02/2026") >= 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_list_that_went_out_changes_nothing_when_it_comes_back(desk, language):
    sent(desk, a_csv([GOOD_ROW, ("2", "19/11/2026", "Báo Tuổi Trẻ", "", "Giá nhà ở", "Sở Xây dựng", "")]))
    one = only_import()
    desk.post(f"/imports/{one.id}/confirm", data={"what": "good", "seen": one.version})
    out = desk.get(f"/inquiries.xlsx?lang={language}")
    sent(desk, out.data, name="danh-sach.xlsx")
    back = db.session.scalars(db.select(Import).order_by(Import.id.desc())).first()
    assert back.counts == {"unchanged": 2}, [
        row.reasons or row.changes for row in db.session.scalars(db.select(ImportRow))
    ]

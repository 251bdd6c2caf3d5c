"""flask inquiries import: says what each row would do, and writes only when told to."""

import pytest

from pr_tracker.db import db
from pr_tracker.imports.models import Import
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.permissions import Role
from tests.factories.accounts import a_person
from tests.factories.inquiries import Province
from tests.factories.ledgers import a_csv
from tests.factories.outlets import an_outlet

GOOD_ROW = ("1", "20/01/2026", "Báo Tuổi Trẻ", "Trần Thị Bình", "Tiến độ đường ven biển", "Sở Xây dựng", "26/01/2026")
BAD_ROW = ("2", "ASAP", "Báo Tuổi Tre Thơ", "", "Giá nhà", "Sở Xây dựng", "")


@pytest.fixture
def run(app, session, tmp_path):
    province = Province()
    a_person("Chánh Văn Phòng", agency=province.office, roles=(Role.HEAD,), title="Chánh Văn phòng")
    an_outlet("Báo Tuổi Trẻ")
    db.session.commit()

    def run(rows, *options, content=None):
        file = tmp_path / "so.csv"
        file.write_bytes(a_csv(rows) if content is None else content)
        return app.test_cli_runner().invoke(args=["inquiries", "import", str(file), *options])

    return run


def written():
    return db.session.scalar(db.select(db.func.count(Inquiry.id)))


def test_the_preview_says_what_each_row_would_do_and_writes_nothing(run):
    outcome = run([GOOD_ROW, BAD_ROW])
    assert outcome.exit_code == 0
    assert "so.csv: new 1, changed 0, unchanged 0, doubtful 0, rejected 1" in outcome.output
    assert "row 3, rejected:" in outcome.output
    assert "“ASAP” says how soon, not when." in outcome.output
    assert "Perhaps: Báo Tuổi Trẻ." in outcome.output
    assert not written()
    assert not db.session.scalar(db.select(db.func.count(Import.id)))


def test_all_rows_or_none(run):
    outcome = run([GOOD_ROW, BAD_ROW], "--yes")
    assert (outcome.exit_code, written()) == (2, 0)
    assert "1 of the rows cannot be taken" in outcome.output
    assert run([GOOD_ROW], "--yes").exit_code == 0
    assert written() == 1


def test_the_good_rows_are_written_once(run):
    assert "1 rows written." in run([GOOD_ROW, BAD_ROW], "--good-rows").output
    assert "0 rows written." in run([GOOD_ROW, BAD_ROW], "--good-rows").output
    assert written() == 1


@pytest.mark.parametrize(
    ("options", "content", "said"),
    [
        (("--by", "nobody@angiang.example"), None, "Nobody signs in as nobody@angiang.example."),
        ((), b"%PDF-1.7", "neither an Excel workbook"),
        ((), b"A;B\n1;2\n", "no column was found for"),
        (("--yes", "--good-rows"), None, "Choose one"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(run, options, content, said):
    outcome = run([GOOD_ROW], *options, content=content)
    assert outcome.exit_code == 2
    assert said in outcome.output
    assert len(outcome.output.strip().splitlines()) == 1

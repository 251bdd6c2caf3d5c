"""The tree of a paper for screen readers: what is said in it, in which order, with what."""

from pr_tracker import charts
from pr_tracker.pdf import Chart, Check, Closing, Column, Heading, Letterhead, Recipients, Signature, Table, Text
from pr_tracker.pdf.tags import CELLS_IN
from tests.pdf.reading import printed, read

HEAD = Letterhead("UBND tỉnh An Giang", "Sở Y tế", "BC-SYT", "An Giang", None, "Báo cáo", "Công tác phát ngôn")
COLUMNS = [Column("Đơn vị"), Column("Số")]
LONG = "Người phát ngôn trả lời báo chí đúng hạn. " * 200


def tree(paper):
    return read(paper).trailer["/Root"]["/StructTreeRoot"]["/K"]


def kids(element):
    return [kid.get_object() for kid in element["/K"]]


def kinds(element):
    """The kinds of the parts of a part."""
    return [str(kid["/S"])[1:] for kid in kids(element) if not isinstance(kid, int)]


def marks(element):
    """Every mark below a part, with its page."""
    for kid in kids(element):
        if isinstance(kid, int):
            yield element["/Pg"]["/StructParents"], kid
        else:
            yield from marks(kid)


def test_a_report_is_read_as_title_headings_paragraphs_table_and_signature():
    table = Table(COLUMNS, [("Sở Y tế", "3"), ("Sở Xây dựng", "")])
    end = Closing(Signature([], ["Giám đốc"], "Lê Hồng"), Recipients(["Như trên"]))
    paper = printed(HEAD, Heading("I. Tình hình"), Text("Một.\nHai."), Heading("1. Số liệu", 2), table, end)
    root = read(paper).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "vi-VN"
    assert tree(paper)["/S"] == "/Document"
    assert kinds(tree(paper)) == ["P", "P", "H1", "H2", "P", "P", "H3", "Table", "P", "P"]
    rows = kids(kids(tree(paper))[7])
    assert [kinds(row) for row in rows] == [["TH", "TH"], ["TD", "TD"], ["TD", "TD"]]
    assert list(marks(rows[2])) == [(0, 7 + 4)], "the empty cell has a place and no mark"


def test_every_mark_of_the_pages_belongs_to_one_part_and_the_pages_know_which():
    paper = printed(HEAD, Text(LONG), Text(LONG), Table(COLUMNS, [("a", "b")] * 60), Text("Hết."))
    reader = read(paper)
    listed = list(marks(tree(paper)))
    assert len(listed) == len(set(listed))
    nums = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    known = {number: nums[at + 1].get_object() for at, number in list(enumerate(nums))[::2]}
    drawn = set()
    for page in reader.pages:
        number, depth = page["/StructParents"], 0
        for given, operator in page.get_contents().operations:
            depth += (operator in (b"BDC", b"BMC")) - (operator == b"EMC")
            assert depth in (0, 1)
            if operator == b"BDC":
                mark = given[1]["/MCID"]
                drawn.add((number, mark))
                assert known[number][mark].get_object()["/S"] == given[0]
        assert depth == 0
    assert drawn == set(listed)


def test_a_head_that_comes_again_and_page_numbers_are_not_read_out():
    paper = printed(Table(COLUMNS, [("a", "b")] * 120))
    (table,) = kids(tree(paper))
    assert [kinds(row) for row in kids(table)] == [["TH", "TH"]] + [["TD", "TD"]] * 120


def test_a_picture_and_a_qr_say_in_words_what_they_show():
    picture = charts.bars([charts.Bar("Sở Y tế", (charts.Piece(7),), "7")], key="k")
    check = Check("https://x.example/check/CFHJKLMNPQRTVX34", "CFHJKLMNPQRTVX34")
    figures = [kid for kid in kids(tree(printed(Chart(picture, [("b-on", "Đúng hạn")]), check=check))) if "/Alt" in kid]
    assert [figure["/Alt"] for figure in figures] == ["Đúng hạn, Sở Y tế, 7", f"QR: {check.url}"]


def test_of_a_long_table_the_first_rows_are_told_by_cells_the_others_by_pages():
    (table,) = kids(tree(printed(Table(COLUMNS, [("a", "b")] * (CELLS_IN + 300)))))
    assert CELLS_IN + 1 < len(kids(table)) < CELLS_IN + 20
    assert kinds(kids(table)[-1]) == ["TD"]

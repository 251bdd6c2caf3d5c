"""What was typed never becomes a formula in a workbook, wherever it stands."""

from io import BytesIO

from openpyxl import load_workbook

from pr_tracker.sheets import Sheet, write_workbook


def test_neither_the_title_nor_a_head_nor_a_cell_becomes_a_formula():
    out = BytesIO()
    write_workbook([Sheet("Lớp", "=1+1, Lớp 1", ["=1+1"], [["=1+1"]], ["=1+1"])], out)
    page = load_workbook(out).active
    assert {cell.data_type for row in page for cell in row if cell.value} == {"s"}

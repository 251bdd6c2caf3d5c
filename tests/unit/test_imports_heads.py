"""Where the heads of an office's ledger stand in two lines, both say what a column is."""

from pr_tracker.imports.rules import heads_of_two_lines

KNOWN = {"ngay nhan": "received", "ngay tra loi": "finished", "bao": "outlet", "chu tri": "lead", "noi dung": "subject"}
KNOWN |= {"ket qua": "status"}


def test_a_group_and_what_stands_below_it_make_one_head():
    upper = ["Ngày nhận", "Báo", "Nội dung", "Đơn vị", "", "Trả lời", "", "Ghi"]
    lower = ["", "", "", "Chủ trì", "Phối hợp", "Ngày", "Báo", ""]
    found = heads_of_two_lines(upper, lower, KNOWN)
    assert found == ["Ngày nhận", "Báo", "Nội dung", "Chủ trì", "Đơn vị Phối hợp", "Ngày Trả lời", "Báo", "Ghi"]


def test_a_head_merged_over_both_lines_is_said_once():
    upper, lower = ["Ngày nhận", "Báo", "Kết quả", ""], ["Ngày nhận", "Báo", "Ngày trả lời", "Hình thức"]
    assert heads_of_two_lines(upper, lower, KNOWN) == ["Ngày nhận", "Báo", "Ngày trả lời", "Kết quả Hình thức"]


def test_the_first_row_of_a_list_is_no_second_line_of_heads():
    heads = ["Ngày nhận", "Báo", "Nội dung", "Kết quả"]
    assert heads_of_two_lines(heads, ["20/11/2026", "Báo", "Nội dung", ""], KNOWN) is None
    assert heads_of_two_lines(heads, ["(1)", "(2)", "(3)", "(4)"], KNOWN) is None
    assert heads_of_two_lines(["SỔ THEO DÕI", "", "", ""], heads, KNOWN) is None

"""Geometry of pictures: lengths stand for values, nothing leaves the picture, words that do not fit are cut."""

from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.charts import Bar, Line, Look, Piece, bars, columns, lines, write_number

LABEL = "Ban Quản lý Khu kinh tế và Khu công nghiệp tỉnh"


def rects(drawing):
    return [shape for shape in drawing.shapes if shape["tag"] == "rect"]


def test_the_length_of_a_part_stands_for_its_value():
    picture = bars([Bar("A", (Piece(2), Piece(1, Look.LATE))), Bar("B", (Piece(1),))], key="k")
    two, one, other = rects(picture.wide)
    assert abs(two["width"] - 2 * other["width"]) < 2
    assert abs(one["width"] - other["width"]) < 2
    assert one["fill"] == "url(#k-w-b-late)"


def test_a_value_of_nothing_has_no_part_and_no_rows_give_an_empty_picture():
    assert rects(bars([Bar("A", (Piece(0),))], key="k").wide) == []
    assert bars([], key="k").narrow.shapes == ()


def test_a_name_too_long_for_the_picture_is_cut():
    words = [shape["words"] for shape in bars([Bar(LABEL, (Piece(1),))], key="k").wide.shapes if "words" in shape]
    assert words[0].endswith("…")
    assert LABEL.startswith(words[0][:-1])


@given(st.lists(st.lists(st.integers(0, 400), min_size=1, max_size=4), min_size=1, max_size=8), st.text(max_size=9))
def test_no_bar_leaves_its_picture(rows, end):
    picture = bars([Bar(LABEL, tuple(map(Piece, values)), end) for values in rows], key="k")
    for drawing in (picture.wide, picture.narrow):
        for shape in rects(drawing):
            assert shape["x"] >= 0
            assert shape["x"] + shape["width"] <= drawing.width
            assert shape["y"] + shape["height"] <= drawing.height


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=30))
def test_a_line_stays_between_nothing_and_everything(values):
    picture = lines([Line(tuple(values))], [str(at) for at in range(len(values))], key="k")
    for shape in picture.wide.shapes:
        if shape["tag"] == "circle":
            assert 20 <= shape["cy"] <= 230.5


def words_of(drawing):
    return [shape["words"] for shape in drawing.shapes if shape["tag"] == "text"]


def test_parts_long_enough_say_their_value_so_that_hue_and_length_are_not_needed():
    drawing = bars([Bar("A", (Piece(60), Piece(30, Look.LATE), Piece(0.1, Look.OPEN)), "trễ 30")], key="k", values=True)
    assert words_of(drawing.wide) == ["A", "trễ 30", "60", "30"]


def test_a_column_says_its_sum_above_it_and_the_axis_has_whole_numbers_over_it():
    drawing = columns([Bar("T1", (Piece(7), Piece(4, Look.LATE)))], key="k").wide
    assert words_of(drawing) == ["0", "5", "10", "15", "11", "T1"]


@given(st.lists(st.lists(st.integers(0, 200_000), min_size=1, max_size=4), max_size=40))
def test_no_column_leaves_its_picture_and_its_parts_stand_one_on_another(rows):
    picture = columns([Bar("Tháng", tuple(map(Piece, values))) for values in rows], key="k")
    for drawing in (picture.wide, picture.narrow):
        assert len(words_of(drawing)) <= 7 + 2 * len(rows)
        for shape in rects(drawing):
            assert shape["x"] >= 0
            assert shape["x"] + shape["width"] <= drawing.width + 0.1
            assert shape["y"] >= 20
            assert shape["y"] + shape["height"] <= drawing.height - 20


def test_numbers_stand_as_vietnamese_writes_them():
    assert [write_number(value) for value in (0, 1250, 1250000, 12.5)] == ["0", "1.250", "1.250.000", "12,5"]

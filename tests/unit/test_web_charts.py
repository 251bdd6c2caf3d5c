"""Geometry of pictures: lengths stand for values, nothing leaves the picture, words that do not fit are cut."""

from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.web.charts import Bar, Line, Look, Piece, bars, lines

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

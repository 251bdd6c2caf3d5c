"""One voice: what says otherwise and what only seems to, by hand; a text never contradicts itself."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.statements.rules_facts import Difference, number_readings, other_place, places_of
from pr_tracker.statements.rules_likeness import Matter
from pr_tracker.statements.rules_voice import says_otherwise, sentences_of

OTHERWISE = [
    ("Kinh phí sửa chữa là 12,5 tỷ đồng.", "Kinh phí sửa chữa 15 tỷ đồng."),
    ("Tổng mức đầu tư là 12,5 tỷ.", "Tổng mức đầu tư là 12,5 triệu đồng."),
    ("Việc khơi thông cống hoàn thành trước ngày 15/12.", "Việc khơi thông cống hoàn thành trước ngày 30/11/2026."),
    ("Trước ngày 15/12, đường sẽ thông xe.", "Trước ngày 30 tháng 11, đường sẽ thông xe."),
    ("Tuyến đường dài 1,5 km.", "Tuyến đường dài 2.000 m."),
    ("Tổng mức đầu tư 12,5 tỷ đồng, đã giải ngân 8 tỷ đồng.", "Tổng mức đầu tư 12,5 tỷ đồng, đã giải ngân 9 tỷ đồng."),
    ("Nước thải của nhà máy không vượt quy chuẩn.", "Nước thải của nhà máy vượt quy chuẩn."),
    ("Vụ việc không có người bị thương.", "Vụ việc có 2 người bị thương."),
    ("Sở chưa nhận được đơn khiếu nại của các hộ dân.", "Sở đã nhận được đơn khiếu nại của các hộ dân."),
    ("Tính đến ngày 20/11, có 64 ca mắc trên địa bàn.", "Tính đến ngày 20/11/2026, có 80 ca mắc trên địa bàn."),
    ("Chi phí xử lý khoảng 12 tỷ đồng.", "Chi phí xử lý 20 tỷ đồng."),
    ("Tỷ lệ giải ngân đạt 61%.", "Tỷ lệ giải ngân đạt 93 phần trăm."),
    ("Vụ tai nạn làm 2 người chết, 3 người bị thương.", "Vụ tai nạn làm 3 người chết, 3 người bị thương."),
    ("Thời gian giải quyết hồ sơ là 15 ngày làm việc.", "Thời gian giải quyết hồ sơ là 30 ngày làm việc."),
    ("Xã Phú Tân có 150 hộ bị ảnh hưởng.", "Xã Phú Tân có 90 hộ bị ảnh hưởng."),
    ("Sở bác bỏ thông tin tăng giá vé phà.", "Sở xác nhận thông tin tăng giá vé phà."),
    ("Sở đã chấm dứt hợp đồng với nhà thầu.", "Sở tiếp tục thực hiện hợp đồng với nhà thầu."),
    ("Gói thầu khởi công trong quý I/2027.", "Gói thầu khởi công trong tháng 6/2027."),
    ("Điểm tiếp dân mở cửa lúc 7 giờ 30.", "Điểm tiếp dân mở cửa lúc 8h00."),
    ("Diện tích thu hồi là 1,2 ha.", "Diện tích thu hồi là 15.000 m2."),
]
THE_SAME = [
    ("Kinh phí sửa chữa là 12,5 tỷ đồng.", "Kinh phí sửa chữa là 12.500 triệu đồng."),
    ("Cống hoàn thành trước ngày 15/12.", "Cống hoàn thành trước ngày 15 tháng 12 năm 2026."),
    ("Cống hoàn thành trong tháng 12.", "Cống hoàn thành trước ngày 15/12/2026."),
    ("Tuyến đường dài 1.500 m.", "Tuyến đường dài 1500 mét."),
    ("Tuyến đường dài 1,5 km.", "Tuyến đường dài 1.500 m."),
    ("Tổng mức đầu tư 12,5 tỷ đồng, đã chi 8 tỷ đồng.", "Đã chi 8 tỷ đồng trên tổng mức đầu tư 12,5 tỷ đồng."),
    ("Tổng mức đầu tư 12,5 tỷ đồng.", "Đã giải ngân 8 tỷ đồng."),
    ("Chất lượng không khí trong khu vực tốt.", "Chất lượng khí thải trong khu vực tốt."),
    ("Hãng hàng không mở đường bay mới.", "Hãng mở đường bay mới."),
    ("Dự án chưa hoàn thành.", "Dự án hoàn thành trước ngày 15/12/2026."),
    ("Năm 2025, tỉnh hỗ trợ nhà ở cho 140 hộ.", "Năm 2026, tỉnh hỗ trợ nhà ở cho 200 hộ."),
    ("Tính đến ngày 20/11, có 64 ca mắc trên địa bàn.", "Tính đến ngày 05/12, có 80 ca mắc trên địa bàn."),
    ("Theo Nghị định 244/2026/NĐ-CP, Điều 5, đường số 3.", "Theo Nghị định 237/2026/NĐ-CP, Điều 6, đường số 4."),
    ("Chi phí xử lý khoảng 12 tỷ đồng.", "Chi phí xử lý 12,3 tỷ đồng."),
    ("Chi phí xử lý hơn 12 tỷ đồng.", "Chi phí xử lý 12,4 tỷ đồng."),
    ("Trường hợp không đủ điều kiện được thông báo lý do.", "Trường hợp đủ điều kiện được thông báo lý do."),
    ("Thời gian giải quyết không quá 15 ngày làm việc.", "Thời gian giải quyết 15 ngày làm việc."),
    ("Ngày 20/11, Sở kiểm tra hiện trường.", "Ngày 25/11, Sở kiểm tra hiện trường."),
    ("Xã Phú Tân có 150 hộ bị ảnh hưởng.", "Phường Vĩnh Thông có 90 hộ bị ảnh hưởng."),
    ("Không chỉ đường chính mà đường nhánh cũng được sửa.", "Đường chính và đường nhánh cũng được sửa."),
    ("Gói thầu khởi công trong quý I/2027.", "Gói thầu khởi công trong tháng 02/2027."),
    ("Điểm tiếp dân mở cửa lúc 7 giờ 30.", "Điểm tiếp dân mở cửa lúc 07:30."),
    ("Có 2/3 số hộ đồng ý.", "Có 3/4 số hộ đồng ý."),
    ("Dự kiến 10 đến 15 hộ phải di dời.", "Dự kiến 12 hộ phải di dời."),
    ("Bao giờ cống được khơi thông, có phải ngày 15/12 không?", "Cống được khơi thông ngày 30/11."),
    ("Đường vào chợ dài 300 m.", "Cầu qua kênh dài 80 m."),
    ("Trạm thu phí không dừng hoạt động từ tháng 12.", "Trạm thu phí hoạt động từ tháng 12."),
    ("Cơ sở bồi thường 20 triệu đồng và đã xin lỗi.", "Cơ sở nộp phạt 35 triệu đồng."),
]  # fmt: skip


def matter(text):
    return Matter("Việc đang hỏi", text)


@pytest.mark.parametrize(("draft", "said"), OTHERWISE)
def test_what_says_otherwise_is_found(draft, said):
    assert says_otherwise(matter(draft), matter(said))


@pytest.mark.parametrize(("draft", "said"), THE_SAME)
def test_what_only_seems_to_say_otherwise_is_left_in_peace(draft, said):
    assert says_otherwise(matter(draft), matter(said)) == ()


def test_both_sentences_stand_side_by_side_with_what_differs_marked():
    draft = "Sở đã kiểm tra hiện trường. Kinh phí sửa chữa đoạn đường là 12,5 tỷ đồng, lấy từ ngân sách tỉnh."
    said = "Kinh phí sửa chữa đoạn đường là 15 tỷ đồng. Nhà thầu đã được chọn."
    (found,) = says_otherwise(matter(draft), matter(said))
    assert found.differences == (Difference.AMOUNT,)
    assert [words for words, marked in found.ours if marked] == ["12,5 tỷ đồng"]
    assert [words for words, marked in found.theirs if marked] == ["15 tỷ đồng"]
    assert "".join(words for words, _ in found.theirs) == "Kinh phí sửa chữa đoạn đường là 15 tỷ đồng."


def test_a_denial_is_marked_with_what_it_denies():
    draft, said = "Nước thải của nhà máy không vượt quy chuẩn.", "Nước thải của nhà máy vượt quy chuẩn."
    (found,) = says_otherwise(matter(draft), matter(said))
    assert found.differences == (Difference.DENIAL,)
    assert [words for words, marked in found.ours if marked] == ["không vượt quy chuẩn"]
    assert [words for words, marked in found.theirs if marked] == ["vượt quy chuẩn"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nước máy yếu tại khu phố 1, phường Vĩnh Thông", "Nắp cống vỡ tại khu phố 1, phường Vĩnh Thông"),
        ("An toàn thực phẩm dịp hè tại đặc khu Phú Quốc", "An toàn thực phẩm dịp Tết tại đặc khu Phú Quốc"),
        ("Giải ngân vốn đầu tư công năm 2025", "Giải ngân vốn đầu tư công năm 2026"),
        ("Dịch tả heo tại ấp Hòa Bình, xã An Phú", "Dịch tả heo tại ấp Hòa Long, xã An Phú"),
        ("Lễ hội đua bò Bảy Núi", "Chuẩn bị lễ hội Ok Om Bok và đua ghe ngo"),
    ],
)
def test_the_same_words_on_another_matter_are_no_contradiction(one, other):
    said = "Kinh phí là 12 tỷ đồng."
    assert says_otherwise(Matter(one, said), Matter(other, said.replace("12", "15"))) == ()
    assert says_otherwise(Matter(one, said), Matter(one, said.replace("12", "15")))


def test_how_things_stood_may_have_changed_since():
    draft, said = "Đến nay 150 hộ đã nhận tiền bồi thường.", "Đến nay 90 hộ đã nhận tiền bồi thường."
    assert says_otherwise(matter(draft), matter(said)) == ()


def test_a_matter_at_another_place_is_another_matter():
    text = "Cơ sở y tế thiếu {} loại thuốc trong danh mục."
    one = Matter("Thiếu thuốc bảo hiểm y tế ở phường Vĩnh Thông", text.format(4))
    other = Matter("Thiếu thuốc bảo hiểm y tế ở xã Phú Tân", text.format(9))
    assert says_otherwise(one, other) == ()
    assert says_otherwise(one, Matter(one.topic, other.text))


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("1.500", ["1500"]),
        ("12,5", ["12.5"]),
        ("1.500,25", ["1500.25"]),
        ("12.5", ["12.5"]),
        ("1,500", ["1.5", "1500"]),
    ],
)
def test_numbers_are_read_as_vietnamese_writes_them(written, values):
    assert [Decimal(value) for value in values] == [value.normalize() for value in number_readings(written)] or (
        list(number_readings(written)) == [Decimal(value) for value in values]
    )


def test_places_are_told_apart_by_their_kind():
    one, other = places_of("tại ấp Hòa Bình, xã Phú Tân"), places_of("tại ấp Hòa Long, xã Phú Tân")
    assert one == {("hamlet", "hoa binh"), ("commune", "phu tan")}
    assert other_place(one, other)
    assert not other_place(one, places_of("trên địa bàn xã Phú Tân"))
    assert other_place(places_of("đặc khu Phú Quốc"), places_of("phường Rạch Giá"))


def test_a_dot_in_a_number_or_an_abbreviation_ends_no_sentence():
    assert sentences_of("TP. Rạch Giá có 1.500 hộ. Đường dài 2 km.\nHết") == [
        "TP. Rạch Giá có 1.500 hộ.",
        "Đường dài 2 km.",
        "Hết",
    ]


SOME = (
    "Sở kinh phí sửa chữa đường là 12,5 15 tỷ đồng % hộ người không chưa có ngày 15/12 30/11 tháng 6 . , ; trước sẽ "
    "hoàn thành xã Phú Tân Vĩnh Thông khoảng từ đến tính năm 2026 1.500 m km \n"
)
WORDS = st.sampled_from(SOME.split(" "))
TEXTS = st.one_of(
    st.lists(WORDS, max_size=60).map(" ".join),
    st.lists(st.sampled_from([text for pair in OTHERWISE + THE_SAME for text in pair]), max_size=8).map(" ".join),
    st.text(max_size=200),
)


@given(TEXTS)
def test_a_text_never_says_otherwise_than_itself(text):
    assert says_otherwise(matter(text), matter(text)) == ()


@given(TEXTS, TEXTS)
def test_a_against_b_finds_what_b_against_a_finds(one, other):
    there = {(found.ours, found.theirs) for found in says_otherwise(matter(one), matter(other))}
    back = {(found.theirs, found.ours) for found in says_otherwise(matter(other), matter(one))}
    assert there == back

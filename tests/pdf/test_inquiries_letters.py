"""Official letters to the press, read back: letterhead, to whom, the words in question, the term with its article."""

from datetime import date
from io import BytesIO

import pytest
from flask_babel import force_locale

from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.inquiries.actions import letters
from pr_tracker.inquiries.documents import write_case_sheet
from pr_tracker.inquiries.documents_letters import write_answer, write_letter
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_articles import LetterKind, Outcome
from pr_tracker.outlets.rules import OutletKind
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry, refused
from tests.factories.letters import LINK, WRONG_WORDS, a_letter, an_article
from tests.factories.outlets import an_outlet
from tests.pdf.reading import pages, words


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def answered(province):
    return an_inquiry(province, status=Status.ANSWERED, outlet=an_outlet("Báo Hỏi"))


def paper(letter):
    out = BytesIO()
    write_letter(letter, out, place="An Giang", now=NOW, typeface="packaged")
    return out.getvalue()


def an_article_of(province, case, kind, name="Báo Viết Sai"):
    return an_article(province, case, outlet=an_outlet(name, kind=kind))


def test_feedback_is_a_draft_until_the_document_office_numbers_it(province, answered):
    article = an_article_of(province, answered, OutletKind.PRINT)
    letter = a_letter(province, answered, article, pace=OutletPace.DAILY)
    with force_locale("en"):  # an official paper stays Vietnamese
        text = words(paper(letter))
    for said in (
        "SỞ XÂY DỰNG",
        "DỰ THẢO",
        "V/v phản hồi thông tin đăng trên báo",
        "Kính gửi: Tổng Biên tập Báo Viết Sai",
        "Căn cứ Luật Báo chí số 126/2025/QH15; khoản 1 Điều 21 Nghị định 237/2026/NĐ-CP.",
        "Ngày 20/11/2026, Báo Viết Sai đăng bài “Đường vẫn ngập”.",
        f"Địa chỉ: {LINK}",
        "Sở Xây dựng đã trả lời Báo Hỏi về “Đường vào khu tái định cư ngập sau mưa”",
        WRONG_WORDS,
        "Sở khơi thông trước ngày 30/11/2026.",
        "đăng, phát đầy đủ nội dung văn bản này trong thời hạn 2 ngày kể từ ngày nhận được văn bản này, theo khoản 1 "
        "Điều 21 Nghị định 237/2026/NĐ-CP.",
        "- Như trên;",
        "GIÁM ĐỐC",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("kind", "pace", "issue", "term"),
    [
        (OutletKind.ONLINE, OutletPace.ONLINE, None, "ngay khi nhận được văn bản này, theo điểm a khoản 3 Điều 19"),
        (
            OutletKind.RADIO,
            OutletPace.DAILY,
            None,
            "trong thời hạn 2 ngày kể từ ngày nhận được văn bản này, theo điểm b",
        ),
        (OutletKind.MAGAZINE, OutletPace.MAGAZINE, date(2026, 12, 1), "trong số báo kế tiếp sau khi nhận được văn bản"),
    ],
)
def test_a_request_to_correct_names_conclusion_and_term(province, answered, kind, pace, issue, term):
    article = an_article_of(province, answered, kind)
    letter = a_letter(
        province, answered, article, kind=LetterKind.CORRECTION, pace=pace, until="received", next_issue_on=issue
    )
    text = words(paper(letter))
    assert "DỰ THẢO" not in text
    assert "Số: 215/SXD-VP" in text
    assert "Kết luận số 12/KL-TTr ngày 18/11/2026" in text
    assert "cải chính thông tin sai nêu trên và xin lỗi" in text
    assert term in text


def test_a_deputy_signs_in_the_place_of_the_head(province, answered):
    letter = a_letter(province, answered, an_article_of(province, answered, OutletKind.PRINT), pace=OutletPace.DAILY)
    letters.approve_letter(answered, letter, letter.digest, actor=province.deputy, now=NOW)
    text = words(paper(letter))
    assert "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" in text
    assert "Phạm Phó" in text


def test_the_second_round_says_so(province, answered):
    article = an_article_of(province, answered, OutletKind.ONLINE)
    first = a_letter(province, answered, article, until="received")
    by = {"actor": province.drafter, "now": NOW}
    letters.record_outcome(answered, first, Outcome.REFUSED, note="Không đăng", **by)
    second = a_letter(province, answered, article)
    assert "lần thứ hai" in words(paper(second))
    assert "lần thứ" not in words(paper(first))


def test_long_names_and_texts_go_on_over_pages(province, answered):
    name = "Tạp chí Nghiên cứu Kinh tế, Văn hóa, Du lịch và Biển đảo " * 3
    article = an_article_of(province, answered, OutletKind.MAGAZINE, name.strip())
    long = "Nội dung rất dài của bài viết. " * 120
    letter = a_letter(province, answered, article, pace=OutletPace.MAGAZINE, passage=long, right=long)
    assert len(pages(paper(letter))) > 2


def test_the_case_sheet_tells_what_the_press_made_of_it(province, answered):
    article = an_article_of(province, answered, OutletKind.ONLINE)
    letter = a_letter(province, answered, article, until="received")
    by = {"actor": province.drafter, "now": NOW}
    letters.record_outcome(answered, letter, Outcome.PUBLISHED, url=LINK, published_at=NOW, **by)
    out = BytesIO()
    write_case_sheet(answered, out, actor=None, place="An Giang", now=NOW, typeface="packaged")
    text = words(out.getvalue())
    for said in (
        "Báo chí đã đăng, phát sau khi trả lời",
        "Đường vẫn ngập",
        "Trích dẫn sai",
        "Cơ quan báo chí đã thực hiện",
    ):
        assert said in text, said


def answer_paper(inquiry):
    out = BytesIO()
    write_answer(inquiry, out, place="An Giang", now=NOW, typeface="packaged")
    return out.getvalue()


def test_the_approved_answer_is_a_letter_word_for_word_with_its_seal(province):
    case = an_inquiry(province, status=Status.APPROVED, outlet=an_outlet("Báo Hỏi", kind=OutletKind.PRINT))
    text = words(answer_paper(case))
    for said in (
        "DỰ THẢO",
        "V/v trả lời Báo Hỏi",
        "Kính gửi: Tổng Biên tập Báo Hỏi",
        f"Về đề nghị của Báo Hỏi tiếp nhận ngày 20/11/2026: “{case.subject}” (số {case.code}).",
        case.approved_draft.text,
        "GIÁM ĐỐC",
        case.approved_draft.digest,
    ):
        assert said in text, said


def test_a_refusal_is_a_letter_with_its_ground_and_reason(province):
    case = an_inquiry(province, status=Status.ASSIGNED)
    refused(case, province, told=False)
    text = words(answer_paper(case))
    assert "V/v từ chối cung cấp thông tin cho" in text
    assert "Căn cứ: Vụ án đang điều tra hoặc chưa xét xử" in text
    assert "(Điểm b khoản 2 Điều 31 Luật Báo chí 2025" in text
    assert "Lý do:" in text
    assert case.approved_draft.text in text

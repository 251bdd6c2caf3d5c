"""Official letters to the press as PDF (Decree 30/2020/NĐ-CP, annex I): our answer or refusal; feedback, correction.

Like every official paper they are in Vietnamese, whatever language their reader uses.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature_of
from pr_tracker.accounts.models import Agency
from pr_tracker.deadlines.labels_names import basis_words, term_words
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_terms import AtOnce, NextIssue
from pr_tracker.inquiries.labels import GROUND, GROUND_ARTICLE
from pr_tracker.inquiries.labels_articles import LETTER_STATE, VERDICT, letter_title, round_ordinal
from pr_tracker.inquiries.models import Draft, Inquiry
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.queries.articles import articles_of, letters_of, term_for
from pr_tracker.inquiries.queries.seals import approver_of
from pr_tracker.inquiries.rules import TOLD, Status
from pr_tracker.inquiries.rules_articles import ABOUT_WRONG_WORDS, LetterAsk, LetterKind, state_of
from pr_tracker.inquiries.rules_kinds import NEW_PRESS_LAW_ON
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.outlets.models import Outlet
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.pdf.fonts import Choice

_HEADS = {
    OutletKind.PRINT: "Tổng Biên tập",
    OutletKind.ONLINE: "Tổng Biên tập",
    OutletKind.MAGAZINE: "Tổng Biên tập",
    OutletKind.RADIO: "Giám đốc",
    OutletKind.TELEVISION: "Giám đốc",
    OutletKind.FOREIGN_BUREAU: "Trưởng văn phòng thường trú",
}
_ASKS = {
    LetterAsk.PUBLISH: "đăng, phát đầy đủ nội dung văn bản này",
    LetterAsk.CORRECT: "cải chính thông tin sai nêu trên",
    LetterAsk.APOLOGISE: "xin lỗi",
    LetterAsk.TAKE_DOWN: "gỡ bỏ thông tin sai nêu trên",
}


def write_letter(letter: PressLetter, out: BinaryIO, *, place: str, now: datetime, typeface: Choice = "host") -> None:
    """Write the letter; without the document office's number it says DỰ THẢO. `place` begins its date line."""
    with force_locale("vi"):
        pdf.build(pdf.Document(letter.subject, _blocks(letter, place, now)), out, face=typeface)


def write_answer(inquiry: Inquiry, out: BinaryIO, *, place: str, now: datetime, typeface: Choice = "host") -> None:
    """Write the approved text as the letter that gives it to the press, word for word; number and seal stay open.

    `place` begins its date line. There must be an approved version.
    """
    with force_locale("vi"):
        assert inquiry.approved_draft is not None
        title = f"Công văn trả lời {inquiry.code}"
        blocks = _answer_blocks(inquiry, inquiry.approved_draft, place, now)
        pdf.build(pdf.Document(title, blocks), out, face=typeface)


def _answer_blocks(inquiry: Inquiry, draft: Draft, place: str, now: datetime) -> Iterator[pdf.Block]:
    agency, outlet = inquiry.lead_agency or inquiry.intake_agency, inquiry.outlet
    about = f"trả lời {outlet.name}" if draft.ground is None else f"từ chối cung cấp thông tin cho {outlet.name}"
    day = office_day(now)
    yield letterhead(agency, place=place, day=day, kind="", abstract=about, symbol=agency.code, draft=True)
    yield pdf.Addressees([f"{_HEADS[outlet.kind]} {outlet.name}"])
    asked = f"đề nghị của {outlet.name} tiếp nhận ngày {write_day(office_day(inquiry.received_at))}"
    yield pdf.Text(f"Về {asked}: {_quoted(inquiry.subject)} (số {inquiry.code}).")
    if draft.ground is not None:
        ground = f"{GROUND[draft.ground]} ({GROUND_ARTICLE[draft.ground]})"
        yield pdf.Text(f"{agency.name} từ chối cung cấp thông tin. Căn cứ: {ground}. Lý do:")
    yield pdf.Text(draft.text)
    if draft.files:
        yield pdf.Text("Gửi kèm: " + "; ".join(file.file_name for file in draft.files) + ".")
    yield pdf.Text("Trân trọng./.")
    superior = [f"{agency.superior.name} (để báo cáo)"] if agency.superior else []
    yield pdf.Closing(signature_of(agency, approver_of(draft)), pdf.Recipients(["Như trên", *superior]))
    yield pdf.Text(f"Mã niêm phong bản {draft.number} (SHA-256): {draft.digest}", align="left")


def _blocks(letter: PressLetter, place: str, now: datetime) -> Iterator[pdf.Block]:
    case, outlet = letter.inquiry, letter.outlet
    agency = case.lead_agency or case.intake_agency
    yield letterhead(
        agency,
        place=place,
        day=letter.dated_on or office_day(now),
        kind="",
        abstract=letter.subject,
        symbol=agency.code,
        number=letter.number,
        draft=not letter.number,
    )
    yield pdf.Addressees([f"{_HEADS[outlet.kind]} {outlet.name}"])
    term = term_for(letter.kind, letter.pace, letter.received_at or now)
    yield pdf.Text(_ground(letter, term, now))
    yield from _facts(letter, agency)
    yield pdf.Text(letter.text)
    yield from _words(letter)
    if letter.kind in ABOUT_WRONG_WORDS and letter.round > 1:
        yield pdf.Text(f"Đây là văn bản gửi {outlet.name} về nội dung này {round_ordinal(letter.round)}.")
    yield pdf.Text(_request(letter, agency, term))
    yield pdf.Text(f"{agency.name} trân trọng đề nghị {outlet.name} phối hợp thực hiện./.")
    superior = [f"{agency.superior.name} (để báo cáo)"] if agency.superior else []
    yield pdf.Closing(signature_of(agency, letter.approved_by), pdf.Recipients(["Như trên", *superior]))


def _ground(letter: PressLetter, term: Deadline | None, now: datetime) -> str:
    """Căn cứ: the press law of the letter's day, and the article that sets the press agency's term."""
    day = letter.dated_on or office_day(now)
    law = "Luật Báo chí số 126/2025/QH15" if day >= NEW_PRESS_LAW_ON else "Luật Báo chí số 103/2016/QH13"
    return f"Căn cứ {law}" + (f"; {basis_words(term.basis)}." if term else ".")


def _facts(letter: PressLetter, agency: Agency) -> Iterator[pdf.Block]:
    """What is at stake: the article, and what the press was told before."""
    if letter.article:
        yield pdf.Text(_published(letter.article, letter.outlet))
        if letter.article.url:
            yield pdf.Text(f"Địa chỉ: {letter.article.url}", align="left")
    case, told = letter.inquiry, letter.inquiry.finished_at
    did = "đã từ chối cung cấp thông tin, có nêu lý do, cho" if case.refusal_ground else "đã trả lời"
    day = f", ngày {write_day(office_day(told))}" if told else ""
    yield pdf.Text(f"{agency.name} {did} {case.outlet.name} về {_quoted(case.subject)} (đề nghị số {case.code}{day}).")


def _quoted(title: str) -> str:
    """A title in quotation marks, unless it brings its own."""
    return title if title.startswith(("“", '"')) else f"“{title}”"


def _published(article: Article, outlet: Outlet) -> str:
    spoken = outlet.kind in (OutletKind.RADIO, OutletKind.TELEVISION)
    verb, thing = ("phát", "tin, bài") if spoken else ("đăng", "bài")
    return f"Ngày {write_day(article.published_on)}, {outlet.name} {verb} {thing} {_quoted(article.title)}."


def _words(letter: PressLetter) -> Iterator[pdf.Block]:
    """The wrong words, what is right, what shows it, the conclusion: each under its own line."""
    pieces = (
        ("Nội dung đã đăng, phát:", letter.passage, True),
        ("Thông tin đúng:", letter.right, True),
        ("Tài liệu, số liệu chứng minh:", letter.proof, False),
        ("Kết luận bằng văn bản làm căn cứ:", letter.conclusion, False),
    )
    number = 0
    for head, words, quoted in pieces:
        if not words:
            continue
        number += 1
        yield pdf.Text(f"{number}. {head}", face="bold")
        yield pdf.Quote(words) if quoted else pdf.Text(words)


def _request(letter: PressLetter, agency: Agency, term: Deadline | None) -> str:
    """What is asked, within which term, on what ground."""
    asks = [_ASKS[LetterAsk(one)] for one in letter.asks]
    if letter.kind is LetterKind.ANSWER_US:
        asks = ["trả lời bằng văn bản các nội dung nêu trên"]
    asked = f"{agency.name} đề nghị {letter.outlet.name} {_listed(asks)}"
    if term is None:
        return f"{asked} theo quy định của Luật Báo chí."
    words, received = term_words(term.rule.term), "khi nhận được văn bản này"
    if isinstance(term.rule.term, AtOnce):
        when = f"ngay {received}"
    elif isinstance(term.rule.term, NextIssue):
        when = f"{words} sau {received}"
    else:
        when = f"trong thời hạn {words} kể từ ngày nhận được văn bản này"
    return f"{asked} {when}, theo {basis_words(term.basis)}."


def _listed(asks: list[str]) -> str:
    return asks[0] if len(asks) == 1 else f"{', '.join(asks[:-1])} và {asks[-1]}"


# --- in the case sheet --------------------------------------------------------------------------------------------


def after_release(inquiry: Inquiry, now: datetime) -> Iterator[pdf.Block]:
    """What the press made of the answer, for the case sheet: articles with verdicts, letters with what came of them."""
    if inquiry.status not in (*TOLD, Status.ARCHIVED):
        return
    articles = [row for row in articles_of(inquiry) if row.withdrawn_at is None]
    letters = [row for row in letters_of(inquiry) if row.dropped_at is None]
    if articles:
        yield pdf.Heading("Báo chí đã đăng, phát sau khi trả lời", 2)
        columns = (
            pdf.Column("Ngày", 2.5, fits="31/12/2026"),
            pdf.Column("Cơ quan báo chí", 4),
            pdf.Column("Bài", 6),
            pdf.Column("Đánh giá", 3),
        )
        yield pdf.Table(columns, (_article_row(row) for row in articles))
    if letters:
        yield pdf.Heading("Văn bản gửi cơ quan báo chí", 2)
        letter_columns = (
            pdf.Column("Văn bản", 5),
            pdf.Column("Cơ quan báo chí", 4),
            pdf.Column("Báo nhận", 2.5, fits="31/12/2026"),
            pdf.Column("Hạn", 2.5, fits="31/12/2026"),
            pdf.Column("Kết quả", 4),
        )
        yield pdf.Table(letter_columns, (_letter_row(row, now) for row in letters))


def _article_row(row: sa.Row) -> tuple[pdf.Cell, ...]:
    title = [pdf.Piece(row.title)]
    if row.passage:
        title.append(pdf.Piece(f"Nội dung sai: {row.passage}", "italic"))
    return write_day(row.published_on), row.outlet, title, str(VERDICT[row.verdict])


def _letter_row(row: sa.Row, now: datetime) -> tuple[pdf.Cell, ...]:
    number = f"số {row.number} ngày {write_day(row.dated_on)}" if row.number else "chưa phát hành"
    due = write_day(row.due_on) if row.due_on else write_moment(row.due_at) if row.due_at else ""
    result = str(LETTER_STATE[state_of(row, now)])
    if row.published_at:
        result += f", {write_moment(row.published_at)}"
    if row.outcome_note:
        result += f"\n{row.outcome_note}"
    title = f"{letter_title(row.kind, row.round)}\n{number}"
    return title, row.outlet, write_moment(row.received_at) if row.received_at else "", due, result

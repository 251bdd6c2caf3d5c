"""The annual report of Decree 244/2026/NĐ-CP: the official paper with an annex for each figure, and as a workbook."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.deadlines.labels_names import sentence
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.pdf.fonts import Choice
from pr_tracker.reports import labels_annual as labels
from pr_tracker.reports.queries.annual_reports import Whole
from pr_tracker.reports.rules_annual import Case, Figure, FigureKey
from pr_tracker.sheets import Sheet

ADDRESSEE = "Bộ Văn hóa, Thể thao và Du lịch"
NOTHING = "Không có."
OPEN_PLACE = "…" * 30  # one line in every typeface
WITHOUT_NUMBER = (FigureKey.CONFERENCES,)


def title_of(whole: Whole) -> str:
    """What the paper is about, with the year."""
    return f"Về công tác phát ngôn và cung cấp thông tin cho báo chí năm {whole.window.year}"


def write_annual(
    whole: Whole, out: BinaryIO, check: "pdf.Check | None" = None, *, place: str, typeface: Choice = "host"
) -> None:
    """Write the report with an annex for each figure, in Vietnamese; the agency's head signs it."""
    with force_locale("vi"):
        title = f"Báo cáo {title_of(whole)[:1].lower()}{title_of(whole)[1:]}"
        pdf.build(pdf.Document(title, _blocks(whole, place), check=check), out, face=typeface)


def _blocks(whole: Whole, place: str) -> Iterator[pdf.Block]:
    agency, window = whole.agency, whole.window
    yield letterhead(
        agency,
        place=place,
        day=office_day(whole.now),
        kind="Báo cáo",
        abstract=title_of(whole),
        symbol=f"BC-{agency.code}",
        draft=True,
    )
    superior = agency.superior.name if agency.superior else ""
    addressee = ADDRESSEE if whole.is_provinces else superior
    if addressee:
        yield pdf.Addressees([addressee])
    basis = "Thực hiện Điều 10 Nghị định số 244/2026/NĐ-CP, " if window.is_under_decree_244 else ""
    yield pdf.Text(
        f"{basis}{agency.name} báo cáo công tác phát ngôn và cung cấp thông "
        f"tin cho báo chí năm {window.year} (từ ngày {write_day(window.first)} đến ngày {write_day(window.last)}; số "
        f"liệu tính đến {write_moment(whole.now)}) như sau:"
    )
    yield pdf.Heading("I. Về số liệu")
    yield _figures(whole.figures)
    yield pdf.Heading("II. Khó khăn, vướng mắc và đề xuất, kiến nghị")
    yield from _section_two(whole)
    yield pdf.Text(f"{agency.name} trân trọng báo cáo./.")
    yield pdf.Closing(signature(agency), pdf.Recipients([addressee] if addressee else []))
    yield pdf.PageBreak(landscape=True)
    yield pdf.Heading("Phụ lục. Danh sách kèm theo từng số liệu")
    for figure, listed in zip(whole.figures, whole.cases, strict=True):
        yield from _annex(figure, listed)
    yield pdf.Heading("Cách tính", 2)
    yield pdf.Facts([(f"Số liệu {key.number}", sentence(str(words))) for key, words in labels.DEFINITION.items()])


def _figures(figures: Sequence[Figure]) -> pdf.Table:
    return pdf.Table(
        (
            pdf.Column("TT", 1, "center", fits="TT"),
            pdf.Column("Nội dung", 7),
            pdf.Column("Số liệu", 2.2, "center", fits="1000/1000"),
            pdf.Column("Trong đó", 4.6),
        ),
        [
            (
                str(figure.key.number),
                str(labels.FIGURE[figure.key]),
                [pdf.Piece(figure.written, "bold")],
                [pdf.Piece(f"{words}: {count}") for words, count in outcome_words(figure)],
            )
            for figure in figures
        ],
        size=12,
    )


def outcome_words(figure: Figure) -> list[tuple[str, int]]:
    """Every outcome in words with its number."""
    return [(str(labels.OUTCOME[outcome]), count) for outcome, count in figure.outcomes]


def _section_two(whole: Whole) -> Iterator[pdf.Block]:
    """As it was written; open places while nobody has, "none" where one of the two was left empty."""
    text = whole.text
    for title, words in (
        ("1. Khó khăn, vướng mắc", text.difficulties),
        ("2. Đề xuất, kiến nghị", text.proposals),
    ):
        yield pdf.Heading(title, 2)
        missing = NOTHING if text.difficulties or text.proposals else OPEN_PLACE
        for line in (words or missing).split("\n"):
            if line.strip():
                yield pdf.Text(line)


def _annex(figure: Figure, listed: Sequence[Case]) -> Iterator[pdf.Block]:
    key = figure.key
    yield pdf.Heading(f"Phụ lục {key.number}. {labels.FIGURE[key]}: {figure.written}", 2)
    done = key in labels.DONE_AT
    columns = [
        pdf.Column("STT", 2.4, "center", fits="10000"),
        *([pdf.Column("Số", 5, fits="ĐN-2026-0001")] if key not in WITHOUT_NUMBER else []),
        pdf.Column("Nội dung", 18),
        pdf.Column("Đơn vị", 9),
        pdf.Column(str(labels.WHOSE[key]), 10),
        pdf.Column(str(labels.AT[key]), 5.4, fits="16:30 31/12/2026"),
        *([pdf.Column(str(labels.DONE_AT[key]), 5.4, fits="16:30 31/12/2026")] if done else []),
        pdf.Column("Kết quả", 6),
    ]
    rows = (_annex_row(number, case, done) for number, case in enumerate(listed, 1))
    yield pdf.Table(columns, rows, size=9, empty="Không có.")


def _annex_row(number: int, case: Case, done: bool) -> tuple[pdf.Cell, ...]:
    moments = [write_moment(case.at), *([write_moment(case.done_at) if case.done_at else ""] if done else [])]
    whose, outcome = labels.whose_words(case), sentence(str(labels.OUTCOME[case.outcome]))
    code = [] if case.source == "conference" else [case.code]
    return (str(number), *code, case.title, case.agency or "Chưa phân công", whose, *moments, outcome)


def annual_sheets(whole: Whole) -> list[Sheet]:
    """The figures, then the list behind each: the same rows as the paper's."""
    with force_locale("vi"):
        window = whole.window
        about = (
            f"{title_of(whole)}, {whole.agency.name}, từ ngày {write_day(window.first)} đến ngày "
            f"{write_day(window.last)}, số liệu đến {write_moment(whole.now)}"
        )
        head = ["TT", "Nội dung", "Số liệu", "Số thực hiện", "Tổng số", "Trong đó", "Cách tính"]
        lists = zip(whole.figures, whole.cases, strict=True)
        return [
            Sheet("Số liệu", about, head, [_figure_row(each) for each in whole.figures]),
            *(case_sheet(figure.key, listed, about) for figure, listed in lists),
        ]


def _figure_row(figure: Figure) -> list[Any]:
    key = figure.key
    inside = ", ".join(f"{words}: {count}" for words, count in outcome_words(figure))
    whole = figure.whole if figure.has_whole else None
    definition = sentence(str(labels.DEFINITION[key]))
    return [key.number, str(labels.FIGURE[key]), figure.written, figure.part, whole, inside, definition]


def case_sheet(key: FigureKey, listed: Sequence[Case], about: str) -> Sheet:
    """The list behind one figure."""
    done = str(labels.DONE_AT[key]) if key in labels.DONE_AT else ""
    head = ["STT", "Số", "Nội dung", "Đơn vị", str(labels.WHOSE[key]), str(labels.AT[key])]
    rows = [
        [at, case.code, case.title, case.agency, labels.whose_words(case), case.at]
        + ([case.done_at] if done else [])
        + [sentence(str(labels.OUTCOME[case.outcome]))]
        for at, case in enumerate(listed, 1)
    ]
    name = f"{key.number}. {labels.LIST[key]}"
    return Sheet(name, f"{labels.FIGURE[key]}. {about}", [*head, *([done] if done else []), "Kết quả"], rows)

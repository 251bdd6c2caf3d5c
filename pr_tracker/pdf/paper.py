"""A document on A4 sheets: blocks become flowables, pages get their frame and number, the file its title and marks."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from threading import Lock
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm, mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
)
from reportlab.platypus import PageBreak as NewPage

from pr_tracker.pdf import blocks
from pr_tracker.pdf.chart import ChartOnPage
from pr_tracker.pdf.fonts import Choice, Face, Typeface, typeface
from pr_tracker.pdf.grid import Form, Grid
from pr_tracker.pdf.letterhead import End, Head
from pr_tracker.pdf.lines import Ruler, clean
from pr_tracker.pdf.qr import CheckedEnd, QrBeside, write_code
from pr_tracker.pdf.tags import TaggedCanvas, said, unsaid

TOP, BOTTOM, LEFT, RIGHT = 20 * mm, 20 * mm, 30 * mm, 15 * mm
_BOTTOM_WITH_CODE = 25 * mm
_NUMBER_DOWN = 13 * mm
_INDENT = 1.27 * cm
# Millimetres a heading needs below it: with a table its head and first row, with a second heading both.
_ROOM = {blocks.Table: 40, blocks.Heading: 50, blocks.Chart: 90}
_SHORT = 300  # letters, about four lines
_ALIGN = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT, "justify": TA_JUSTIFY}
# ReportLab reads a font file with one shared position, so two papers must not be written at once.
_WRITING = Lock()


def build(document: blocks.Document, out: BinaryIO, *, face: Choice = "host") -> None:
    """Write the document as PDF: the same blocks give the same bytes. "packaged" draws alike on every machine."""
    with _WRITING:
        chosen = typeface(face)
        template = _template(document, chosen, out)
        flowables = Flow(chosen, document.size).flowables(document.blocks)
        end = [CheckedEnd(document.check, chosen, LEFT)] if document.check else []
        template.build([*flowables, *end], canvasmaker=TaggedCanvas)


def _template(document: blocks.Document, chosen: Typeface, out: BinaryIO) -> BaseDocTemplate:
    title = clean(document.title)
    bottom = _BOTTOM_WITH_CODE if document.check else BOTTOM

    def number(canvas: Any, template: Any) -> None:
        width, height = canvas._pagesize
        if template.page == 1:
            canvas.bookmarkPage("title")
            canvas.addOutlineEntry(title, "title", 0)
        with unsaid(canvas):
            if document.check:
                write_code(canvas, document.check, chosen, LEFT)
            if template.page > 1 and document.numbered:
                canvas.setFont(chosen.font(), 13)
                canvas.drawCentredString(LEFT + (width - LEFT - RIGHT) / 2, height - _NUMBER_DOWN, str(template.page))

    def sheet(name: str, size: tuple[float, float]) -> PageTemplate:
        width, height = size[0] - LEFT - RIGHT, size[1] - TOP - bottom
        frame = Frame(LEFT, bottom, width, height, 0, 0, 0, 0, id=name)
        return PageTemplate(name, [frame], onPage=number, pagesize=size)

    sheets = [sheet("standing", A4), sheet("lying", landscape(A4))]
    return BaseDocTemplate(
        out,
        pageTemplates=sheets[::-1] if document.landscape else sheets,
        title=title,
        creator="pr_tracker",
        keywords=document.check.url if document.check else "",  # by it a copy that was altered is known
        lang="vi-VN",
        invariant=1,
        displayDocTitle=1,
        initialFontName=chosen.font(),
    )


class Flow:
    """Turns blocks into what ReportLab lays out."""

    def __init__(self, chosen: Typeface, size: float) -> None:
        self.typeface, self.size = chosen, size
        self.headings = self.level = 0
        self.after: blocks.Block | None = None  # what follows the block that is being laid

    def flowables(self, given: Iterable[blocks.Block]) -> list[Flowable]:
        """All blocks in order; a short last paragraph goes with the signature, which must not stand alone on a page."""
        laid: list[Flowable] = []
        for block, self.after in pairwise([*given, None]):
            laid += _DRAWN[type(block)](self, block)
        for before, after in pairwise(laid):
            if isinstance(after, End) and isinstance(before, Paragraph) and len(before.getPlainText()) <= _SHORT:
                before.keepWithNext = 1
        return laid

    def style(self, align: str = "justify", face: Face = "regular", **other: Any) -> ParagraphStyle:
        """Running text: justified with a first line indent, at least 6 points between paragraphs."""
        font = self.typeface.font(face)
        settings = {
            "fontName": font,
            "bulletFontName": font,
            "fontSize": self.size,
            "leading": self.size * 1.3,
            "alignment": _ALIGN[align],
            "firstLineIndent": _INDENT if align == "justify" else 0,
            "spaceAfter": 6,
            "allowWidows": 0,
            "allowOrphans": 0,
        }
        return ParagraphStyle("text", **(settings | other))

    def paragraphs(self, text: str, style: ParagraphStyle) -> Iterator[Flowable]:
        for line in clean(text).split("\n"):
            if line:
                yield Said(escape(line), style)

    def letterhead(self, block: blocks.Letterhead) -> Iterator[Flowable]:
        yield Head(block, self.typeface, self.size)

    def addressees(self, block: blocks.Addressees) -> Iterator[Flowable]:
        if len(block.names) == 1:
            yield from self.paragraphs(
                f"Kính gửi: {block.names[0]}", self.style("center", spaceBefore=4, spaceAfter=10)
            )
            return
        lead = "Kính gửi:"
        start = 3 * cm + Ruler(self.typeface.font(), self.size).width(f"{lead} ")
        yield from self.paragraphs(lead, self.style("left", leftIndent=3 * cm, spaceAfter=0, spaceBefore=4))
        for index, name in enumerate(block.names, 1):
            last = index == len(block.names)
            style = self.style("left", leftIndent=start + 8, firstLineIndent=-8, spaceAfter=10 if last else 0)
            yield from self.paragraphs(f"- {clean(name)}{'.' if last else ';'}", style)

    def heading(self, block: blocks.Heading) -> Iterator[Flowable]:
        self.headings += 1
        self.level = min(block.level, self.level + 1)
        face: Face = "bold" if block.level == 1 else "bold_italic"
        yield CondPageBreak(_ROOM.get(type(self.after), 30) * mm)
        yield Marked(
            clean(block.text), self.style("left", face, spaceBefore=8, spaceAfter=5), self.headings, self.level
        )

    def text(self, block: blocks.Text) -> Iterator[Flowable]:
        """A bold paragraph is a title of what follows, and stays with it."""
        keep = {"keepWithNext": 1} if block.face == "bold" and self.after else {}
        yield from self.paragraphs(block.text, self.style(block.align, block.face, **keep))

    def quote(self, block: blocks.Quote) -> Iterator[Flowable]:
        style = self.style("justify", "italic", firstLineIndent=0, leftIndent=_INDENT, rightIndent=0.5 * cm)
        yield from self.paragraphs(block.text, style)

    def numbered(self, block: blocks.Numbered) -> Iterator[Flowable]:
        for number, item in enumerate(block.items, 1):
            yield from self.paragraphs(f"{number}.\u00a0{clean(item)}", self.style())

    def facts(self, block: blocks.Facts) -> Iterator[Flowable]:
        form = Form(self.typeface, (50, 115), size=self.size, pad_y=3)
        yield Grid(form, ((label, value) for label, value in block.rows))

    def timeline(self, block: blocks.Timeline) -> Iterator[Flowable]:
        form = Form(self.typeface, (40, 125), size=self.size, borders="rows", pad_y=3)
        yield Grid(form, ((event.time, _event(event)) for event in block.events))

    def steps(self, block: blocks.Steps) -> Iterator[Flowable]:
        form = Form(self.typeface, (9, 156), size=self.size, borders="none")
        last = len(block.steps)
        yield Grid(form, ((f"{at}.", _step(step, at == last)) for at, step in enumerate(block.steps, 1)))

    def table(self, block: blocks.Table) -> Iterator[Flowable]:
        form = Form(
            self.typeface,
            [column.weight for column in block.columns],
            size=block.size,
            aligns=[column.align for column in block.columns],
            titles=[column.title for column in block.columns],
            fits=[column.fits for column in block.columns],
            row_height=block.row_height * mm,
        )
        rows = iter(block.rows)
        first = next(rows, None)
        if first is not None:
            yield Grid(form, chain([first], rows))
        elif block.empty:
            yield Grid(form, [[[blocks.Piece(block.empty, "italic")]]])

    def qr(self, block: blocks.Qr) -> Iterator[Flowable]:
        yield QrBeside(block.url, list(block.lines), self.typeface, self.size)

    def chart(self, block: blocks.Chart) -> Iterator[Flowable]:
        if block.picture.wide.shapes:
            yield ChartOnPage(block.picture.wide, block.key, self.typeface)

    def closing(self, block: blocks.Closing) -> Iterator[Flowable]:
        yield End(block, self.typeface, self.size)

    def page_break(self, block: blocks.PageBreak) -> Iterator[Flowable]:
        yield NextPageTemplate("lying" if block.landscape else "standing")
        yield NewPage()


class Said(Paragraph):  # type: ignore[misc]
    """A paragraph that a screen reader finds as one."""

    def draw(self) -> None:
        """The paragraph in its place in the tree."""
        with said(self.canv, "P"):
            super().draw()


class Marked(Paragraph):  # type: ignore[misc]
    """A heading that is also a bookmark."""

    def __init__(self, text: str, style: ParagraphStyle, number: int, level: int) -> None:
        super().__init__(escape(text), style)
        self.mark = (text, f"heading-{number}", level)

    def draw(self) -> None:
        """The bookmark at the heading's top, then the heading."""
        text, key, level = self.mark
        self.canv.bookmarkHorizontal(key, 0, self.height)
        self.canv.addOutlineEntry(text, key, level)
        with said(self.canv, f"H{level + 1}"):
            super().draw()


def _event(event: blocks.Event) -> list[blocks.Piece]:
    quoted = clean(event.quotation)
    return [blocks.Piece(event.sentence), *([blocks.Piece(f"“{quoted}”", "italic", 12)] if quoted else [])]


def _step(step: blocks.Step, last: bool) -> list[blocks.Piece]:
    rows = (": ".join(filter(None, row)) for row in step.rows)
    return [
        blocks.Piece(step.title, "bold"),
        blocks.Piece(step.text, "bold" if last else "regular"),
        *(blocks.Piece(f"- {row}", "regular", 12) for row in rows),
    ]


_DRAWN: dict[type, Callable[[Flow, Any], Iterator[Flowable]]] = {
    blocks.Letterhead: Flow.letterhead,
    blocks.Addressees: Flow.addressees,
    blocks.Heading: Flow.heading,
    blocks.Text: Flow.text,
    blocks.Quote: Flow.quote,
    blocks.Numbered: Flow.numbered,
    blocks.Facts: Flow.facts,
    blocks.Timeline: Flow.timeline,
    blocks.Steps: Flow.steps,
    blocks.Table: Flow.table,
    blocks.Qr: Flow.qr,
    blocks.Chart: Flow.chart,
    blocks.Closing: Flow.closing,
    blocks.PageBreak: Flow.page_break,
}

"""What a paper says as a tree for screen readers: title, headings, paragraphs, tables with their cells, pictures.

ReportLab itself knows no tags, so the marks are set in the pages' own text, and the tree is built when the file closes.
A paragraph that goes on at the next page is two; cells are told apart in the first rows of a table only, the rows after
them are one cell a page, for a tree of a million cells would be many times the paper.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas

# Rows of a table whose cells are told apart.
CELLS_IN = 200
_ARTIFACT, _END = "/Artifact BMC", "EMC"


@dataclass(eq=False)
class Element:
    """A part of the tree: its kind, what it holds: other parts, or (page, mark) in the pages."""

    kind: str
    alt: str = ""
    kids: list["Element | tuple[int, int]"] = field(default_factory=list)

    def add(self, kind: str, alt: str = "") -> "Element":
        """A new part at the end of this one."""
        made = Element(kind, alt)
        self.kids.append(made)
        return made


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """A canvas that remembers which mark on which page belongs to which part."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        self.tree = Element("Document")
        self.marks: list[list[Element]] = [[]]
        super().__init__(*given, **settings)

    def opening(self, element: Element) -> str:
        """What opens a mark of this part in the text of the page; EMC closes it."""
        page = self.marks[-1]
        element.kids.append((len(self.marks) - 1, len(page)))
        page.append(element)
        return f"/{element.kind} <</MCID {len(page) - 1}>> BDC"

    def showPage(self) -> None:
        """The page is done; marks are counted anew on the next."""
        super().showPage()
        self.marks.append([])

    def save(self) -> None:
        """Hang the tree into the file, then close it."""
        if self._code:
            self.showPage()
        document = self._doc
        pages = document.Pages.pages
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        made: dict[int, Any] = {}
        root["K"] = self._made(self.tree, document.Reference(root), made)
        nums: list[Any] = []
        for number, (page, marked) in enumerate(zip(pages, self.marks, strict=False)):
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = number, PDFName("S")
            nums += [number, PDFArray([made[id(element)] for element in marked])]
        root["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray(nums)}))
        root["ParentTreeNextKey"] = len(pages)
        document._catalog.StructTreeRoot = root
        document._catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        super().save()

    def _made(self, element: Element, parent: Any, made: dict[int, Any]) -> Any:
        """The part and all below it as objects of the file; the reference to it."""
        document = self._doc
        about = PDFDictionary({"S": PDFName(element.kind), "P": parent})
        reference = made[id(element)] = document.Reference(about)
        if element.alt:
            about["Alt"] = PDFString(element.alt)
        pages = {kid[0] for kid in element.kids if not isinstance(kid, Element)}
        if pages:  # a part with marks has them on one page
            about["Pg"] = document.Reference(document.Pages.pages[pages.pop()])
        held = [self._made(kid, reference, made) if isinstance(kid, Element) else kid[1] for kid in element.kids]
        about["K"] = PDFArray(held)
        return reference


@contextmanager
def said(canvas: Any, kind: str, alt: str = "", within: Element | None = None) -> Iterator[None]:
    """What is drawn meanwhile is one part of the tree, on a canvas that has one."""
    if not isinstance(canvas, TaggedCanvas):
        yield
        return
    canvas._code.append(canvas.opening((within or canvas.tree).add(kind, alt)))
    yield
    canvas._code.append(_END)


@contextmanager
def unsaid(canvas: Any) -> Iterator[None]:
    """What is drawn meanwhile is only for the eye: lines, page numbers, heads that come again."""
    canvas._code.append(_ARTIFACT)
    yield
    canvas._code.append(_END)


class Cells:
    """Tells the cells of one table apart, over all its pages: drawn to a page between `begin` and `end`."""

    def __init__(self) -> None:
        self.table: Element | None = None
        self.line: Element | None = None
        self.rows = 0
        self.headed = False
        self.told = False  # whether cells of the row in hand open and close

    def begin(self, canvas: Any, text: Any) -> None:
        """The table comes to a page, where its text is written."""
        self.canvas = canvas if isinstance(canvas, TaggedCanvas) else None
        self.text, self.line, self.page_open = text, None, False
        if self.canvas and not self.table:
            self.table = self.canvas.tree.add("Table")

    def row(self, *, head: bool) -> None:
        """A row follows; of heads only the first is said."""
        self.head, self.line = head, None
        self.rows += not head
        self.told = self.canvas is not None and (head or self.rows <= CELLS_IN)
        if not self.canvas or (head and self.headed):
            return
        assert self.table
        if head or self.rows <= CELLS_IN:
            self.line = self.table.add("TR")
        elif not self.page_open:
            self.text._code.append(self.canvas.opening(self.table.add("TR").add("TD")))
            self.page_open = True

    def open(self, *, filled: bool) -> None:
        """A cell begins; an empty one has its place in the tree too."""
        self.marked = False
        cell = self.line.add("TH" if self.head else "TD") if self.line else None
        if not filled or not self.canvas or not (cell or self.head):
            return
        self.text._code.append(self.canvas.opening(cell) if cell else _ARTIFACT)
        self.marked = True

    def close(self) -> None:
        """The cell ends."""
        if self.marked:
            self.text._code.append(_END)

    def end(self) -> None:
        """The table leaves the page."""
        self.headed = self.headed or self.line is not None or self.rows > 0
        if self.page_open:
            self.text._code.append(_END)

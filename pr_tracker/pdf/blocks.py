"""What an official paper is made of: plain values, drawn from top to bottom in the order given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pr_tracker.charts import Picture
from pr_tracker.pdf.fonts import Face

Align = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of a paper (Decree 30/2020, annex I).

    Without a `kind` the paper is an official letter: its `abstract` stands as V/v under the number.
    A `symbol` such as BC-UBND leaves the number empty for the document office; a whole `number` (215/SXD-VP) takes its
    place once given; with neither there is no number line.
    Without a `day` the date stays open. A draft says DỰ THẢO.
    """

    superior: str
    issuer: str
    symbol: str
    place: str
    day: date | None
    kind: str
    abstract: str
    urgency: str = ""
    draft: bool = True
    number: str = ""


@dataclass(frozen=True, slots=True)
class Addressees:
    """Kính gửi: one name in the middle, or several in a list."""

    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside the paper, of level 1 or 2; it is also a bookmark."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """Running text; each line of it is a paragraph. Only justified text has a first line indent."""

    text: str
    align: Align = "justify"
    face: Face = "regular"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words on record, indented: what the press asked, what the agency answered."""

    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """Questions or points, each a paragraph with its number."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values in two columns; an empty value leaves its place for handwriting."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when, as a sentence, and words quoted from it."""

    time: str
    sentence: str
    quotation: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in the order given."""

    events: Iterable[Event]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: its title, what it says, and rows of detail such as each skipped day and its name."""

    title: str
    text: str = ""
    rows: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """An explanation from the rule to the result: numbered steps, the last one set off."""

    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cell on lines of its own, in a face and an indent (points) of its own."""

    text: str
    face: Face = "regular"
    indent: float = 0.0


Cell = str | Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its share of the width, how its cells stand.

    `fits` is a sample, such as 31/12/2026, that must never be broken; the words of the head never are.
    """

    title: str
    weight: float = 1.0
    align: Literal["left", "center", "right"] = "left"
    fits: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of any length; its head is repeated on each page. Rows may be a generator, read page by page.

    `row_height` (millimetres) is the least height of a row: tall for signatures. `empty` is said where no row comes.
    """

    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    size: float = 11
    row_height: float = 0.0
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: TM./KT./TL./TUQ. lines, the title, an instruction such as (Ký, ghi rõ họ tên), the name or nothing."""

    authority_lines: Sequence[str]
    title_lines: Sequence[str]
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Nơi nhận: each on its line, the last line says where the file copy is kept."""

    names: Sequence[str]
    filed: str = "VT"


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code that opens `url`, with lines beside it, the first in bold."""

    url: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of pr_tracker.charts as on the page; `key` says what each look means, as (look, words)."""

    picture: Picture
    key: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a paper: the signature at right, at left the recipients or a second signature."""

    signature: Signature
    left: Recipients | Signature | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page, which may lie or stand from here on."""

    landscape: bool = False


Block = (
    Letterhead
    | Addressees
    | Heading
    | Text
    | Quote
    | Numbered
    | Facts
    | Timeline
    | Steps
    | Table
    | Qr
    | Chart
    | Closing
    | PageBreak
)


@dataclass(frozen=True, slots=True)
class Check:
    """How a paper says that it can be checked: `url` opens its public page, `code` is what is typed there."""

    url: str
    code: str


@dataclass(frozen=True, slots=True)
class Document:
    """A paper to print: the title in its file, its blocks, the size of its running text in points (13 or 14).

    Many papers in one file, a page each, are not `numbered`. With a `check` every page has its code in the bottom
    margin, the last page also its QR.
    """

    title: str
    blocks: Iterable[Block]
    landscape: bool = False
    size: float = 13
    numbered: bool = True
    check: Check | None = None

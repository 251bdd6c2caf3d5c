"""Official papers as PDF: `build(Document(title, blocks), out)`, with the blocks of `pr_tracker.pdf.blocks`."""

from pr_tracker.pdf.blocks import (
    Addressees,
    Closing,
    Column,
    Document,
    Event,
    Facts,
    Heading,
    Letterhead,
    Numbered,
    PageBreak,
    Piece,
    Quote,
    Recipients,
    Signature,
    Step,
    Steps,
    Table,
    Text,
    Timeline,
)
from pr_tracker.pdf.letterhead import write_official_day
from pr_tracker.pdf.paper import build

__all__ = [
    "Addressees",
    "Closing",
    "Column",
    "Document",
    "Event",
    "Facts",
    "Heading",
    "Letterhead",
    "Numbered",
    "PageBreak",
    "Piece",
    "Quote",
    "Recipients",
    "Signature",
    "Step",
    "Steps",
    "Table",
    "Text",
    "Timeline",
    "build",
    "write_official_day",
]

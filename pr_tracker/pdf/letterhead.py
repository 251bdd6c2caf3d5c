"""The head and the end of an official paper, laid out as Decree 30/2020, annex I, asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from pr_tracker.pdf.blocks import Closing, Letterhead, Recipients, Signature
from pr_tracker.pdf.fonts import Face, Typeface
from pr_tracker.pdf.lines import Ruler, clean
from pr_tracker.pdf.tags import said

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DRAFT = "DỰ THẢO"
# The line under an agency or an abstract: between 1/3 and 1/2 of the text.
_SHORT_RULE = 0.4
_NUMBER_SPACE = "\u00a0" * 10
_SEAL_SPACE = 27 * mm


def write_official_day(day: date | None) -> str:
    """ngày 05 tháng 02 năm 2026: days below 10 and months 1 and 2 have a zero. Without a day, open places."""
    if day is None:
        return "ngày … tháng … năm …"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


@dataclass
class Stack:
    """Lines centred one under another, laid out downward before anything is drawn."""

    typeface: Typeface
    middle: float
    room: float
    height: float = 0.0
    texts: list[tuple[str, Ruler, float]] = field(default_factory=list)
    rules: list[tuple[float, float]] = field(default_factory=list)
    boxes: list[tuple[float, float, float]] = field(default_factory=list)

    def write(self, text: str, face: Face, size: float, *, rule: float = 0.0, before: float = 0.0) -> None:
        """Add text, broken evenly to the room; `rule` draws a line under it, of that part of its width."""
        ruler = Ruler(self.typeface.font(face), size)
        lines = ruler.balanced(clean(text), self.room)
        self.height += before if lines else 0.0
        for line in lines:
            self.texts.append((line, ruler, self.height + size * 0.95))
            self.height += size * 1.22
        if rule and lines:
            self.rules.append((max(ruler.width(line) for line in lines) * rule, self.height + 2.5))
            self.height += 4.5

    def box(self, text: str, size: float, before: float) -> None:
        """Add a word in a frame, as stamped."""
        ruler = Ruler(self.typeface.font("bold"), size)
        self.height += before
        width, height = ruler.width(text) + 5 * mm, 7 * mm
        self.boxes.append((width, height, self.height))
        self.texts.append((text, ruler, self.height + height / 2 + size * 0.34))
        self.height += height

    def draw(self, canvas: Any, top: float) -> None:
        """Draw everything below `top`."""
        for text, ruler, down in self.texts:
            canvas.setFont(ruler.font, ruler.size)
            canvas.drawCentredString(self.middle, top - down, text)
        canvas.setLineWidth(0.6)
        for width, down in self.rules:
            canvas.line(self.middle - width / 2, top - down, self.middle + width / 2, top - down)
        for width, height, down in self.boxes:
            canvas.rect(self.middle - width / 2, top - down - height, width, height)


class Head(Flowable):  # type: ignore[misc]
    """The letterhead: who writes at left, the country at right, below them what the paper is."""

    def __init__(self, letterhead: Letterhead, typeface: Typeface, size: float) -> None:
        super().__init__()
        self.letterhead, self.typeface, self.size = letterhead, typeface, size
        self.spaceAfter = 10

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As wide as there is."""
        country = Ruler(self.typeface.font("bold"), 12).width(COUNTRY)
        right = max(country + 2, width * 0.55)
        left = width - right - 4 * mm
        agency = Stack(self.typeface, left / 2, left)
        nation = Stack(self.typeface, width - right / 2, right)
        self._names(agency, nation)
        agency.height = nation.height = max(agency.height, nation.height) + 3
        self._marks(agency, nation)
        subject = Stack(self.typeface, width / 2, width * 0.86)
        subject.height = max(agency.height, nation.height) + 14
        if self.letterhead.kind:
            subject.write(self.letterhead.kind.upper(), "bold", 14)
            subject.write(self.letterhead.abstract, "bold", self.size, rule=_SHORT_RULE, before=1)
        self.stacks = (agency, nation, subject)
        self.width, self.height = width, subject.height
        return width, self.height

    def _names(self, agency: Stack, nation: Stack) -> None:
        agency.write(self.letterhead.superior.upper(), "regular", 12)
        agency.write(self.letterhead.issuer.upper(), "bold", 12, rule=_SHORT_RULE)
        nation.write(COUNTRY, "bold", 12)
        nation.write(MOTTO, "bold", 13, rule=1.0)

    def _marks(self, agency: Stack, nation: Stack) -> None:
        head = self.letterhead
        if head.number or head.symbol:
            agency.write(f"Số: {head.number}" if head.number else f"Số:{_NUMBER_SPACE}/{head.symbol}", "regular", 13)
        nation.write(f"{head.place}, {write_official_day(head.day)}", "italic", 13)
        if not head.kind:
            agency.write(f"V/v {head.abstract}" if head.abstract else "", "regular", 12, before=2)
        for mark in (head.urgency.upper(), DRAFT if head.draft else ""):
            if mark:
                agency.box(clean(mark), 13, before=6)

    def draw(self) -> None:
        """The three parts; the last is the title of the paper."""
        for stack, kind in zip(self.stacks, ("P", "P", "H1"), strict=True):
            if stack.texts:
                with said(self.canv, kind):
                    stack.draw(self.canv, self.height)


class End(Flowable):  # type: ignore[misc]
    """The signature at right with an empty place for the seal; at left the recipients or who signs with it."""

    def __init__(self, closing: Closing, typeface: Typeface, size: float) -> None:
        super().__init__()
        self.closing, self.typeface, self.size = closing, typeface, size
        self.spaceBefore = 14

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As wide as there is; never split."""
        self.stacks = [self._signature(self.closing.signature, width * 0.75, width / 2)]
        self.notes: list[tuple[str, Ruler, float]] = []
        if isinstance(self.closing.left, Signature):
            self.stacks.append(self._signature(self.closing.left, width / 4, width / 2))
        elif self.closing.left:
            self.notes = self._recipients(self.closing.left, width / 2 - 6 * mm)
        listed = self.notes[-1][2] + 4 if self.notes else 0.0
        self.width, self.height = width, max(listed, *(stack.height for stack in self.stacks))
        return width, self.height

    def _signature(self, signature: Signature, middle: float, room: float) -> Stack:
        stack = Stack(self.typeface, middle, room)
        for line in (*signature.authority_lines, *signature.title_lines):
            stack.write(line.upper(), "bold", self.size)
        stack.write(signature.note, "italic", self.size - 1)
        stack.height += _SEAL_SPACE
        stack.write(signature.name, "bold", self.size)
        return stack

    def _recipients(self, recipients: Recipients, room: float) -> list[tuple[str, Ruler, float]]:
        title = Ruler(self.typeface.font("bold_italic"), 12)
        ruler = Ruler(self.typeface.font("regular"), 11)
        level = self.size * 0.95  # on one line with the authority of who signs
        notes = [("Nơi nhận:", title, level)]
        down = level + 12 * 0.3
        entries: Sequence[str] = [f"- {clean(name)};" for name in recipients.names]
        for entry in (*entries, f"- Lưu: {clean(recipients.filed)}."):
            for line in ruler.wrap(entry, room):
                notes.append((line, ruler, down + 11 * 0.95))
                down += 11 * 1.2
        return notes

    def draw(self) -> None:
        """Both halves, level at the top."""
        for stack in self.stacks:
            with said(self.canv, "P"):
                stack.draw(self.canv, self.height)
        if self.notes:
            with said(self.canv, "P"):
                self._draw_notes()

    def _draw_notes(self) -> None:
        for text, ruler, down in self.notes:
            self.canv.setFont(ruler.font, ruler.size)
            self.canv.drawString(0, self.height - down, text)

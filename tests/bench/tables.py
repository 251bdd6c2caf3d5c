"""How a long table compares with the same text drawn straight on a canvas: processor seconds, memory, growth."""

import time
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from typing import ClassVar

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from pr_tracker import pdf
from pr_tracker.pdf.fonts import typeface
from pr_tracker.pdf.grid import Grid

ROWS, MANY = 10_000, 100_000
_NAMES = ("Nguyễn Thị Hoàng Khánh Ngọc", "Công Tằng Tôn Nữ Hoàng Diễm Quỳnh Châu", "Lý Quốc Bảo", "Chau Sóc Kha Rim")
_FITS = {1: "ĐN-2026-000000", 2: "31/12/2026", 10: "215/SXD-VP.00000"}  # as the registers say what is never broken
_COLUMNS = [
    pdf.Column(f"Cột {number}", 1 + number % 3, "right" if number % 4 == 0 else "left", _FITS.get(number, ""))
    for number in range(12)
]
Place = tuple[float, float, str, str, float]


def rows(count: int) -> Iterator[list[str]]:
    """Twelve cells a row as a register has them: numbers, days, names, subjects that need two lines."""
    for row in range(count):
        yield [
            str(row),
            f"ĐN-2026-{row:06d}",
            f"{row % 28 + 1:02d}/11/2026 16:30",
            _NAMES[row % 4],
            f"Sở Xây dựng {row % 9}",
            f"Tiến độ tuyến {row % 97}, đoạn {row % 13}",
            "Đúng hạn",
            f"{row % 17}",
            f"Báo số {row % 23}",
            "Văn bản",
            f"215/SXD-VP.{row}",
            "",
        ]


def draw_table(count: int) -> tuple[float, bytes]:
    """Seconds and the paper."""
    out, started = BytesIO(), time.process_time()
    pdf.build(pdf.Document("Sổ", [pdf.Table(_COLUMNS, rows(count), size=8)], landscape=True), out, face="packaged")
    return time.process_time() - started, out.getvalue()


def recorded(count: int) -> list[list[Place]]:
    """Every string of the table with its place, font and size, page by page."""
    pages: list[list[Place]] = []
    write, draw = Grid._write, Grid.draw

    class Hand:
        """Stands for the text of a page and remembers."""

        _code: ClassVar[list[str]] = []

        def setFont(self, font: str, size: float) -> None:
            self.font = (font, size)

        def setTextOrigin(self, x: float, y: float) -> None:
            self.at = (x + 85, y + 60)

        def textOut(self, string: str) -> None:
            pages[-1].append((*self.at, string, *self.font))

    def listening(grid: Grid, text, row, top, hand):
        write(grid, memory, row, top, hand)
        return write(grid, text, row, top, hand)

    def turning(grid: Grid) -> None:
        pages.append([])
        draw(grid)

    memory = Hand()
    Grid._write, Grid.draw = listening, turning
    try:
        draw_table(count)
    finally:
        Grid._write, Grid.draw = write, draw
    return pages


def draw_straight(pages: list[list[Place]]) -> float:
    """Seconds for the same strings at the same places, with nothing measured or laid out."""
    chosen, out, started = typeface("packaged"), BytesIO(), time.process_time()
    canvas = Canvas(out, pagesize=landscape(A4), invariant=1, pageCompression=1, initialFontName=chosen.font())
    for page in pages:
        hand = None
        for x, y, string, font, size in page:
            if (font, size) != hand:
                canvas.setFont(font, size)
                hand = (font, size)
            canvas.drawString(x, y, string)
        canvas.showPage()
    canvas.save()
    return time.process_time() - started


def timed_tables() -> Iterator[tuple[float, str]]:
    """Seconds and what was done in them; the ratio is of the best of three."""
    pages = recorded(ROWS)
    straight = min(draw_straight(pages) for _ in range(3))
    table = min(draw_table(ROWS)[0] for _ in range(3))
    tracemalloc.start()
    draw_table(ROWS)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    yield straight, f"{ROWS} rows of 12 columns drawn straight on a canvas"
    yield table, f"the same as a table: {table / straight:.2f} times (at most 1.30), {peak:.0f} MB at the most"
    many = draw_table(MANY)[0]
    yield many, f"{MANY} rows: {many / table:.1f} times the time of {ROWS}"

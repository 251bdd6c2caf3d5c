"""Files that go out: the empty list of a kind, and the rows that were left out with the reason beside each."""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from flask_babel import gettext as _

from pr_tracker.imports.labels import VERDICTS, labels_of, reason_words
from pr_tracker.imports.models import Import
from pr_tracker.imports.rules import Target
from pr_tracker.sheets import Sheet, write_workbook


def write_template(target: Target, out: BinaryIO) -> None:
    """The heads of a kind of list, and beside them what each column takes."""
    heads = [str(column.label) for column in target.columns]
    told = [
        (str(column.label), _("yes") if column.required else "", column.example, "; ".join(column.heads[:6]))
        for column in target.columns
    ]
    head = (_("Column"), _("Needed"), _("Example"), _("Also understood as"))
    sheets = (
        Sheet(name=_("List"), title=str(target.label), head=heads, rows=[]),
        Sheet(name=_("How to fill it in"), title=str(target.hint), head=head, rows=told),
    )
    write_workbook(sheets, out)


def write_left_out(one: Import, target: Target, rows: Iterable[Any], out: BinaryIO) -> None:
    """The rows as they were read, and behind them the row of the file, the verdict, and why."""
    width = len(one.heads)
    labels = labels_of(target.columns)
    sheet = Sheet(
        name=_("Left out"),
        title=_("Rows of %(file)s that were not taken in", file=one.file_name),
        head=[*one.heads, _("Row in the file"), _("Verdict"), _("Why it was left out")],
        rows=(_left_out(row, width, labels) for row in rows),
    )
    write_workbook([sheet], out)


def _left_out(row: Any, width: int, labels: Mapping[str, str]) -> list[Any]:
    cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
    why = "\n".join(reason_words(reason, labels) for reason in row.reasons)
    return [*cells, row.number, str(VERDICTS[row.verdict]), why]

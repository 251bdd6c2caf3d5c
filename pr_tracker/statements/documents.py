"""The library as a list for a spreadsheet."""

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO

import sqlalchemy as sa
from flask_babel import gettext as _

from pr_tracker.office_time import write_day, write_moment
from pr_tracker.statements.labels import ANSWER_FORM, STATE
from pr_tracker.statements.queries import validity_of
from pr_tracker.statements.rules import state_on, write_code

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(rows: Sequence[sa.Row], day: date, *, soon: date) -> bytes:
    """The statements as CSV in UTF-8 with its mark, in the reader's language; nothing in it runs as a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_heads())
    for row in rows:
        state = STATE[state_on(day, validity_of(row), soon=soon)]
        cells = (
            write_code(row.year, row.number),
            row.topic,
            row.agency,
            str(state),
            write_day(row.valid_until) if row.valid_until else "",
            write_moment(row.said_at),
            str(ANSWER_FORM[row.form]),
            row.said_by,
            row.link,
            row.text,
            row.withdrawn_reason,
        )
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _heads() -> list[str]:
    return [
        _("Number"),
        _("On what"),
        _("Agency"),
        _("State"),
        _("Counts until"),
        _("Said at"),
        _("Form of speaking"),
        _("Said by"),
        _("Link"),
        _("Words"),
        _("Reason of withdrawal"),
    ]

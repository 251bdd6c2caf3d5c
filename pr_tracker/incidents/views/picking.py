"""Inquiries to choose from: named in the address, found by words, ticked in a form."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from pr_tracker.incidents.queries.joinable import joinable
from pr_tracker.incidents.views.acting import reader
from pr_tracker.inquiries import labels as inquiry_words
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.office_time import write_moment
from pr_tracker.web.parameters import LARGEST_ID, text_of

MOST_TICKED = 50


@dataclass(frozen=True)
class Choice:
    """One inquiry that may be ticked."""

    id: int
    code: str
    subject: str
    about: str
    ticked: bool


def ids_in(values: Iterable[str]) -> list[int]:
    """The ids among typed values, each once."""
    found = (int(each) for each in values if each.isascii() and each.isdigit() and len(each) < 11)
    return list(dict.fromkeys(each for each in found if 0 < each <= LARGEST_ID))[:MOST_TICKED]


def ticked() -> list[int]:
    """The inquiries that this request names."""
    return ids_in(request.form.getlist("inquiry") if request.method == "POST" else request.args.getlist("inquiry"))


def choices() -> list[Choice]:
    """What the page offers: the ticked ones first, then open ones that match the words."""
    wanted = ticked()
    return [
        Choice(
            row.id,
            write_number(row.year, row.number),
            row.subject,
            ", ".join(
                filter(None, (row.outlet, row.lead, str(inquiry_words.KIND[row.kind]), write_moment(row.received_at)))
            ),
            row.id in wanted,
        )
        for row in joinable(reader(), text_of("q"), wanted)
    ]

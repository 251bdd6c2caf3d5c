"""Filters of which nothing can be all: said before anything is looked for, and never of what there is."""

import itertools
from dataclasses import replace
from datetime import timedelta

from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.rules import OPEN, Status
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_timing import End, Result, Timing, result_of, timing_of
from tests.factories.accounts import NOW

AN_HOUR = timedelta(hours=1)
GROUND = RefusalGround.SECRET


def what_there_is():
    """(status, timing, result, ground, late) of each way in which a case can stand."""
    for status, ends_at, late, released, refused in itertools.product(
        Status, (NOW, NOW - 3 * AN_HOUR), (False, True), (False, True), (False, True)
    ):
        finished = None if status in OPEN else ends_at + (AN_HOUR if late else -AN_HOUR)
        if status is Status.ANSWERED and not released:
            continue  # the database refuses it
        end = End(ends_at, finished, released, refused)
        result = result_of(end)
        ground = GROUND if result is Result.REFUSED else None
        yield status, timing_of(end, NOW), result, ground, (finished or NOW) >= ends_at


def test_nothing_that_there_is_counts_as_impossible():
    for status, timing, result, ground, late in what_there_is():
        full = Filters(status=status, timing=timing, result=result, ground=ground, late=late, only_open=status in OPEN)
        for field in ("status", "timing", "result", "ground", "late", "only_open"):
            assert not full.is_impossible, full
            assert not replace(full, **{field: getattr(Filters(), field)}).is_impossible, (full, field)


def test_what_nobody_can_be_is_known():
    for filters in (
        Filters(status=Status.ARCHIVED, only_open=True),
        Filters(status=Status.ANSWERED, result=Result.REFUSED),
        Filters(timing=Timing.ON_TIME, result=Result.WITHDRAWN),
        Filters(timing=Timing.WITHDRAWN, late=True),
        Filters(ground=GROUND, my_turn=True),
        Filters(status=Status.DRAFTING, timing=Timing.LATE),
    ):
        assert filters.is_impossible

"""The window of the annual report and what its figures add up to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.errors import BadInput
from pr_tracker.office_time import office_day
from pr_tracker.reports.rules_annual import (
    LAST_YEAR,
    PARTS,
    RESTS,
    Case,
    Figure,
    FigureKey,
    Outcome,
    Window,
    year_holding,
)

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
COUNTS = st.dictionaries(st.sampled_from(Outcome), st.integers(0, 5000))


def test_the_report_year_runs_from_15_december_to_14_december():
    window = Window(2026)
    assert (window.first, window.last) == (date(2025, 12, 15), date(2026, 12, 14))
    assert window.since == datetime(2025, 12, 14, 17, tzinfo=UTC)  # midnight in Việt Nam
    assert window.until == datetime(2026, 12, 14, 17, tzinfo=UTC)


@given(DAYS)
def test_every_day_lies_in_the_window_of_exactly_one_report_year(day):
    years = [year for year in range(day.year - 1, day.year + 2) if Window(year).first <= day <= Window(year).last]
    assert years == [year_holding(day)]


@given(st.datetimes(datetime(2001, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(tzinfo=UTC)))
def test_every_instant_lies_in_the_window_of_the_report_year_of_its_office_day(at):
    window = Window(year_holding(office_day(at)))
    assert window.since <= at < window.until


@given(st.integers(2001, 2099))
def test_windows_follow_each_other_without_a_gap(year):
    assert Window(year).until == Window(year + 1).since
    assert Window(year).last + timedelta(days=1) == Window(year + 1).first


def test_a_year_beyond_all_measure_is_refused():
    with pytest.raises(BadInput):
        Window(LAST_YEAR + 1)


@given(st.sampled_from(FigureKey), COUNTS)
def test_the_outcomes_of_a_figure_sum_up_to_its_whole_and_its_part_is_among_them(key, counts):
    known = {outcome: number for outcome, number in counts.items() if outcome in (*PARTS[key], *RESTS[key])}
    figure = Figure(key, known)
    assert sum(number for _outcome, number in figure.outcomes) == figure.whole
    assert 0 <= figure.part <= figure.whole
    assert figure.has_whole or figure.part == figure.whole
    assert Figure.from_json(figure.to_json()).outcomes == figure.outcomes


def test_no_outcome_is_both_part_and_rest():
    assert all(not set(PARTS[key]) & set(RESTS[key]) for key in FigureKey)


def test_a_case_comes_back_from_storage_as_it_was():
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    case = Case("inquiry", 7, "ĐN-2026-0007", "Đường ngập", "Sở Xây dựng", "Báo A", at, None, Outcome.OPEN)
    assert Case.from_json(case.to_json()) == case

"""flask deadlines due: with the database's calendar, and without any database."""

import json
from datetime import date

import pytest

from pr_tracker.db import db
from pr_tracker.deadlines.rules import ClockKey
from tests.factories.deadlines import a_calendar_entry


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["deadlines", "due", *arguments])


def as_json(app, *arguments):
    return json.loads(run(app, *arguments, "--json").stdout)


def test_a_day_term_prints_its_day(app):
    printed = as_json(app, "forwarded_opinion_notice", "--at", "2026-11-20T16:30")
    assert printed["key"] == "forwarded_opinion_notice"
    assert printed["basis"] == "Decree 237/2026/NĐ-CP Art 18(3)"
    assert printed["valid_from"] == "2026-07-01"
    assert printed["due_on"] == "2026-12-14"
    assert "due_at" not in printed
    assert [step["kind"] for step in printed["steps"]] == [
        "rule",
        "trigger",
        "first_day",
        "skipped",
        "proposed",
        "result",
    ]


def test_an_hour_term_prints_its_minute_on_the_office_clock(app):
    printed = as_json(app, "incident_initial_info", "--at", "2026-11-20T16:30")
    assert printed["due_at"] == "2026-11-21T16:30:00+07:00"
    assert "due_on" not in printed


@pytest.mark.parametrize("at", ["2026-11-20T16:30Z", "2026-11-20T23:30+07:00"])
def test_a_time_with_an_offset_is_honoured(app, at):
    assert as_json(app, "incident_initial_info", "--at", at)["due_at"] == "2026-11-21T23:30:00+07:00"


def test_text_is_a_walk_in_the_offices_language(app):
    printed = run(app, "forwarded_opinion_notice", "--at", "2026-11-20T16:30").stdout
    assert "due_on: 2026-12-14" in printed
    assert "Ngày thứ 15: thứ Hai 14/12/2026" in printed


def test_the_next_issue_has_no_time_and_says_so(app):
    printed = as_json(app, "correction_periodical", "--at", "2026-11-20T16:30")
    assert not {"due_on", "due_at"} & set(printed)
    assert printed["steps"][-1]["undated"] == "next_issue"


@pytest.mark.parametrize("key", ClockKey)
def test_every_clock_can_be_asked_for(app, key):
    assert run(app, key, "--at", "2026-11-20T16:30").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lunch", "--at", "2026-11-20T16:30"], "There is no clock named lunch."),
        (["internal_reply", "--at", "tomorrow"], "“tomorrow” is not an ISO time. Example: 2026-11-20T16:30"),
        (
            ["answer_on_press", "--at", "2016-12-31T23:59"],
            "answer_on_press has no version in force on 31/12/2016; the first one begins on 01/01/2017.",
        ),
        (["answer_on_press", "--at", "9999-12-31T23:59-12:00"], "No deadline can be computed from the year 9999."),
        (["answer_on_press", "--at", "0001-01-01T00:00+12:00"], "No deadline can be computed from the year 1."),
    ],
)
def test_what_cannot_be_answered_is_one_line_and_status_2(app, arguments, said):
    for more in ([], ["--json"]):
        result = run(app, *arguments, *more)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", said + "\n")


def test_a_day_the_office_entered_counts(app):
    with app.app_context():
        a_calendar_entry(date(2026, 11, 27))  # Friday
        db.session.commit()
    assert as_json(app, "complaint_conclusion_notice", "--at", "2026-11-20T16:30")["due_on"] == "2026-12-01"


def test_without_tables_the_shipped_calendar_counts(app):
    with app.app_context():
        db.drop_all()
    assert as_json(app, "complaint_conclusion_notice", "--at", "2026-11-20T16:30")["due_on"] == "2026-11-30"

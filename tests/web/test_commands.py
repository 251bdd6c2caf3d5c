"""Whatever is wrong with a command's usage is one line on standard error and exit status 2."""

import pytest


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "register"],
        ["report", "register", "--from", "2026-01-01", "--to", "2026-01-31"],
        ["report", "nothing"],
        ["report", "case"],
        ["deadlines", "due"],
        ["deadlines", "due", "answer_on_press", "--at"],
        ["deadlines", "due", "answer_on_press", "--nothing"],
        ["audit", "verify", "more"],
        ["accounts", "add"],
        ["demo", "--date"],
        ["demo", "more"],
    ],
)
def test_wrong_usage_is_one_line(app, arguments):
    outcome = app.test_cli_runner().invoke(args=arguments)
    assert outcome.exit_code == 2
    assert len(outcome.stderr.strip().splitlines()) == 1, outcome.stderr
    assert "Traceback" not in outcome.output

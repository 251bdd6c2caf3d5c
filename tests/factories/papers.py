"""Papers on record, for tests."""

from pathlib import Path

from flask import current_app

from pr_tracker import pdf
from pr_tracker.papers import jobs
from pr_tracker.papers.rules import PaperKind
from tests.factories.accounts import NOW


def words(text: str):
    """Draws a paper of one sentence, with its code, as draw() of issue() does it."""

    def draw(out, check):
        pdf.build(pdf.Document("Báo cáo", [pdf.Text(text)], check=check), out, face="packaged")

    return draw


def a_paper(
    text="Một câu.",
    *,
    key="report:1",
    kind=PaperKind.REPORT,
    title="Báo cáo tháng 11 năm 2026",
    agency=None,
    actor=None,
    now=NOW,
    kept=False,
):
    """An issued paper and its content."""
    return jobs.issue(kind, key, title, words(text), agency=agency, actor=actor, now=now, kept=kept)


def folder() -> Path:
    """Where the files of the application lie."""
    return Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"])

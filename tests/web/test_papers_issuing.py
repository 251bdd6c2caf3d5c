"""A paper that leaves the office has a code, a fingerprint and its place in the log; the same content is one paper."""

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pr_tracker.audit.models import AuditEntry
from pr_tracker.codes import is_ours, show_code
from pr_tracker.papers import queries
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import PURPOSE, Status
from tests.databases import BASE
from tests.factories.accounts import NOW, a_person
from tests.factories.papers import a_paper, folder

LATER = NOW + timedelta(hours=1)


def test_a_paper_keeps_the_fingerprint_of_its_file_and_says_so_in_the_log(session):
    person = a_person()
    issued = a_paper(agency=person.agency, actor=person)
    paper = issued.paper
    assert paper.digest == hashlib.sha256(issued.content).hexdigest()
    assert paper.size == len(issued.content)
    assert queries.content_of(paper, folder()) == issued.content
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.subject_kind == "papers"))
    assert (entry.event, entry.actor_id, entry.data["digest"]) == ("paper:issue", person.id, paper.digest)
    assert queries.is_whole(paper)


def test_the_code_is_one_that_only_this_office_can_make_and_leads_to_its_page(session):
    seen = []

    def draw(out, check):
        seen.append(check)
        out.write(b"%PDF-1.4\n%%EOF")

    from pr_tracker.papers import jobs
    from pr_tracker.papers.rules import PaperKind

    paper = jobs.issue(PaperKind.REPORT, "report:1", "Báo cáo", draw, agency=None, actor=None, now=NOW).paper
    assert is_ours(paper.code, BASE["PR_TRACKER_SECRET_KEY"], PURPOSE)
    assert [(check.url.rsplit("/check/")[1], check.code) for check in seen] == [(paper.code, show_code(paper.code))]


def test_the_same_content_issued_again_is_the_same_paper(session):
    first = a_paper()
    again = a_paper(now=LATER)
    assert again.paper is first.paper
    assert again.content == first.content
    assert session.scalar(sa.select(sa.func.count()).select_from(Paper)) == 1


def test_other_content_under_the_same_key_supersedes_the_former(session):
    first = a_paper("Có 17 đề nghị.").paper
    second = a_paper("Có 18 đề nghị.", now=LATER).paper
    assert (first.status, first.superseded_at) == (Status.SUPERSEDED, LATER)
    assert (second.status, second.replaces_id) == (Status.VALID, first.id)
    assert first.code != second.code


def test_what_was_said_before_and_is_said_again_is_a_new_paper(session):
    """The former stays superseded: somebody was told that it no longer holds."""
    first = a_paper("Có 17 đề nghị.").paper
    a_paper("Có 18 đề nghị.")
    third = a_paper("Có 17 đề nghị.").paper
    assert first.status is Status.SUPERSEDED
    assert third.code != first.code


def test_papers_of_other_keys_stand_beside_each_other(session):
    assert {a_paper(key=f"report:{at}").paper.status for at in range(3)} == {Status.VALID}


def test_a_file_that_is_gone_from_the_store_is_kept_again_when_the_paper_is_issued_again(session):
    first = a_paper()
    (folder() / first.paper.file.stored_name).unlink()
    assert a_paper().content == first.content
    assert queries.content_of(first.paper, folder()) == first.content


def test_the_database_lets_no_two_papers_of_a_key_stand(session):
    paper = a_paper().paper
    values = {column.key: getattr(paper, column.key) for column in sa.inspect(Paper).column_attrs}
    with pytest.raises(IntegrityError):
        session.execute(sa.insert(Paper).values(**{**values, "id": None, "code": "C" * 16}))


def test_a_fingerprint_changed_in_the_database_is_found_out_by_the_log(session):
    paper = a_paper().paper
    paper.digest = "0" * 64
    session.flush()
    assert not queries.is_whole(paper)

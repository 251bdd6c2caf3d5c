"""No page walks through all inquiries: asked how it would answer, SQLite names an index for each statement.

Seen red: with the list ordered by its rank, and with the follow-ups ordered by the database.
"""

import re

import pytest
import sqlalchemy as sa

from pr_tracker.db import db, will_write
from pr_tracker.inquiries.queries import walks
from pr_tracker.inquiries.rules import Status
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part

PAGES = (
    "/queue",
    "/queue?pick=mine",
    "/inquiries",
    "/inquiries?status=answered",
    "/inquiries?kind=incident",
    "/inquiries?agency=1",
    "/inquiries?outlet=1",
    "/inquiries?from=2026-01-01&to=2026-12-31",
    "/inquiries?before=0.1766000000000000.5",
    "/inquiries?person=1",
    "/inquiries?person_name=a",
    "/inquiries?outlet_name=a",
    "/inquiries?journalist=1",
    "/inquiries?late=1&open=1",
    "/inquiries?mine=1",
    "/inquiries?unassigned=1",
    "/inquiries?carried=2026-01-01",
    "/inquiries?q=ĐN-2026-0001",
    "/inquiries?q=đường+bộ",
    "/inquiries/{parent}",
    "/inquiries/{child}",
    "/inquiries/{child}/parts/{box}",
    "/inquiries/{child}/coordination",
    "/reports/register?from=2026-01-01&to=2026-12-31",
)


@pytest.fixture
def cases(session):
    province = Province()
    parent = an_inquiry(province, status=Status.ANSWERED)
    child = an_inquiry(province, status=Status.DRAFTING, parent=parent)
    box = a_part(child, province.other, actor=province.drafter)
    a_sent_part(child, "120 hộ", actor=province.other_head)
    session.commit()
    return province, {"parent": parent.id, "child": child.id, "box": box.id}


def plan_of(client, page):
    """What SQLite would do for each SELECT of a page: (what, statement)."""
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(page).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    writes = will_write.set(False)  # the test itself may be writing
    with db.engine.connect() as connection:
        plans = [
            (row[3], " ".join(statement.split()))
            for statement, parameters in sent
            for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
        ]
    will_write.reset(writes)
    return plans


# What is found by a name, or waits for one reader, is put in order by its numbers and moments alone: it is little.
IN_ORDER = [
    page for page in PAGES if page.startswith("/inquiries?") and not re.search("q=|person|outlet_name|mine", page)
]
# Lists of few: walked by an index of those few, or they would be looked for among all.
OF_FEW = {
    "/inquiries?open=1": "ix_inquiries_open",
    "/inquiries?late=1&open=1": "ix_inquiries_open",
    "/inquiries?timing=overdue": "ix_inquiries_open",
    "/inquiries?paused=1": "ix_inquiries_paused",
    "/inquiries?stopped=1": "ix_inquiries_stopped",
    "/inquiries?extended=1": "ix_inquiries_extended",
    "/inquiries?ground=secret": "ix_inquiries_ground",
    "/inquiries?person=1": "ix_inquiries_officer",
    "/inquiries?person_name=vu": "ix_inquiries_officer",
    "/queue": "ix_inquiries_open_by_due",
    "/queue?after=0.1766000000000000.5": "ix_inquiries_open_by_due",
}
# What a department sees is walked in its own order, however rare it is what is asked for.
OF_AGENCY = ("", "late=1", "timing=late", "timing=withdrawn", "result=refused", "before=0.1766.5")
# Where what one filter asks for is less than what another does, or the reader's agency has, only that is looked at.
OF_FEWEST = {
    "stopped=1": "ix_inquiries_stopped",
    "extended=1": "ix_inquiries_extended",
    "ground=secret": "ix_inquiries_ground",
    "status=drafting&kind=divided_opinion": "ix_inquiries_kind",
    "status=archived&outlet=1": "ix_inquiries_status",
    "kind=question&open=1": "ix_inquiries_open",
    "carried=2026-01-01": "ix_inquiries_long",
    "carried=2026-01-01&kind=question": "ix_inquiries_long",
}
NEVER = ("status=archived&open=1", "status=answered&result=refused", "late=1&timing=on_time", "ground=secret&mine=1")


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("page", OF_FEW)
@pytest.mark.parametrize("reader", ["clerk", "drafter"])
def test_a_list_of_few_is_not_looked_for_among_all(cases, client, reader, page):
    if reader == "drafter" and page.partition("?")[2] in OF_AGENCY:
        return
    client.act_as(getattr(cases[0], reader))
    steps = [what for what, statement in plan_of(client, page) if "inquiries.received_at" in statement]
    assert any(f"INDEX {OF_FEW[page]} " in f"{step} " for step in steps), steps


# What is open, and what was returned in a year, is found as such, not among all that an agency or anybody ever had.
FOUND_AS_SUCH = {
    "/reports/figures": ("finished_at IS NULL", "ix_inquiries_open"),
    "/reports/annual": ("UNION SELECT inquiries.id", "ix_inquiries_finished"),
    "/reports/late?on=2020-06-20": ("ends_at <= coalesce(inquiry_part", "ix_inquiry_participations_late"),
    "/trainings/needs": ("inquiry_reviews", "ix_inquiry_reviews_returned"),
}


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("page", FOUND_AS_SUCH)
def test_what_a_report_counts_is_not_looked_for_among_everything_of_an_agency(cases, client, page):
    client.act_as(cases[0].drafter)
    words, index = FOUND_AS_SUCH[page]
    plans = [one for one in plan_of(client, page) if words in one[1]]
    asked = {statement for _, statement in plans}
    assert asked
    for each in asked:
        steps = [what for what, statement in plans if statement == each]
        assert any(f"INDEX {index} " in f"{step} " for step in steps), steps
        assert not any("ix_inquiries_lead (lead_agency_id=?)" in step for step in steps), steps


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
def test_the_list_of_a_department_is_walked_in_its_own_order(cases, client):
    client.act_as(cases[0].drafter)
    for asked in OF_AGENCY:
        steps = [what for what, statement in plan_of(client, f"/inquiries?{asked}") if "GROUP BY" in statement]
        assert any("INDEX ix_inquiry_participations_current " in step for step in steps), (asked, steps)
        assert not any("TEMP B-TREE" in step for step in steps), (asked, steps)


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
def test_of_several_filters_the_one_of_the_fewest_is_looked_at(cases, client):
    """Seen red: with an index of the first filter walked to its end, however rare the second one is."""
    for reader in (cases[0].clerk, cases[0].drafter):
        client.act_as(reader)
        for asked, index in OF_FEWEST.items():
            if reader is cases[0].clerk and "&" not in asked and "carried" not in asked:
                continue  # that index is walked
            steps = [what for what, said in plan_of(client, f"/inquiries?{asked}") if "coalesce(inq" in said]
            assert any(f"INDEX {index} " in f"{step} " for step in steps), (asked, steps)
            assert re.search(f"INTEGER PRIMARY KEY|INDEX {index} ", steps[0]), (asked, steps)


# Of these indexes the first screen needs none: whatever else is asked, only what is open is looked at, and what was
# finished today. SQLite knows nothing here of how much there is of what, as on the day after a large ledger came in.
OF_ALL_THAT_EVER_WAS = re.compile(r"ix_inquiries_(status|kind|lead|outlet|received)|ix_inquiry_participations_current")
FIRST_SCREENS = ("/queue", "/queue?pick=mine", "/queue?pick=incidents", "/inquiries?mine=1")


@pytest.mark.only_on("sqlite", why="PostgreSQL knows by itself how much there is of what")
@pytest.mark.parametrize("page", FIRST_SCREENS)
@pytest.mark.parametrize("reader", ["clerk", "drafter", "head"])
def test_the_first_screen_looks_at_nothing_old_even_where_sqlite_has_never_looked(cases, client, reader, page):
    """Seen red: with figures grouped by the status, with a turn that an index of the lead agency tells."""
    client.act_as(getattr(cases[0], reader))
    assert [what for what, _ in plan_of(client, page) if OF_ALL_THAT_EVER_WAS.search(what)] == []


@pytest.mark.only_on("sqlite", why="PostgreSQL knows by itself how much there is of what")
def test_the_annual_report_looks_at_the_articles_of_one_case_not_at_all_of_a_verdict(cases, client):
    client.act_as(cases[0].clerk)
    steps = [what for what, _ in plan_of(client, "/reports/annual") if "inquiry_articles" in what]
    assert any("ix_inquiry_articles_inquiry_id_id (inquiry_id=?)" in step for step in steps), steps
    assert not any("(verdict=? AND published_on<?)" in step for step in steps), steps


# Where each of several filters asks for much, the index of the one that asks for least is walked.
OF_MUCH = {
    "status=archived&kind=incident": "ix_inquiries_kind",
    "kind=question&status=drafting": "ix_inquiries_status",
    "status=drafting&agency=1": "ix_inquiries_lead",
    "kind=question&outlet=1": "ix_inquiries_outlet",
}


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("reader", ["clerk", "drafter"])
def test_of_several_filters_that_ask_for_much_the_one_that_asks_for_least_is_walked(cases, client, monkeypatch, reader):
    """Seen red: with the index left to the planner."""
    monkeypatch.setattr(walks, "MANY", -1)
    client.act_as(getattr(cases[0], reader))
    an_inquiry(cases[0], status=Status.ARCHIVED)
    db.session.commit()
    for asked, index in OF_MUCH.items():
        steps = [what for what, said in plan_of(client, f"/inquiries?{asked}") if "coalesce(inq" in said]
        assert f"INDEX {index} " in f"{steps[0]} ", (asked, steps)


@pytest.mark.only_on("sqlite", why="the statement is the same")
def test_what_nothing_can_be_is_not_looked_for(cases, client):
    client.act_as(cases[0].clerk)
    for asked in NEVER:
        said = [said for what, said in plan_of(client, f"/inquiries?{asked}") if "inquiries.received_at" in said]
        assert {"0 = 1" in each or "false" in each for each in said} == {True}, (asked, said)


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("reader", ["clerk", "drafter"])
def test_no_page_walks_through_all_inquiries(cases, client, reader, page):
    province, ids = cases
    client.act_as(getattr(province, reader))
    walks = [
        f"{what}: {statement[:200]}"
        for what, statement in plan_of(client, page.format(**ids))
        if what.startswith("SCAN inquir") and "USING" not in what and "VIRTUAL" not in what
    ]
    assert not walks


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("page", IN_ORDER)
def test_no_list_is_sorted_before_its_first_page(cases, client, page):
    province, _ = cases
    client.act_as(province.clerk)
    sorted_first = [
        f"{what}: {statement[:200]}"
        for what, statement in plan_of(client, page)
        if what.startswith("USE TEMP B-TREE") and "ORDER BY" in what and "inquiries.received_at DESC" in statement
    ]
    assert not sorted_first

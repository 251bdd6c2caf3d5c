"""The first screen goes on page by page: everything open stands on one of them, by what runs out first."""

import re
from datetime import timedelta

import pytest

from pr_tracker import clock
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry


def test_the_queue_goes_on_behind_its_last_row_until_all_is_shown(session, client, monkeypatch):
    province = Province()
    made = [an_inquiry(province, status=Status.DRAFTING) for _ in range(5)]
    session.commit()
    monkeypatch.setattr(lists, "QUEUE_SIZE", 2)
    client.act_as(province.clerk)
    seen, page = [], "/queue"
    while page:
        text = client.get(page).text
        seen += [int(row) for row in re.findall(r'id="inquiry-(\d+)"', text)]
        later = re.search(r'<a href="(/queue\?[^"]*)" rel="next"', text)
        page = later and later[1].replace("&amp;", "&")
    due = sorted(made, key=lambda one: (session.get_one(Inquiry, one.id).ends_at, one.id))
    assert seen == [one.id for one in due]


@pytest.mark.parametrize("pick", ["all", "mine", "incidents"])
def test_each_choice_lists_as_many_as_it_says_beside_its_name(session, client, pick):
    province = Province()
    for kind in Kind:
        an_inquiry(province, kind=kind, started_at=NOW - timedelta(minutes=9), status=Status.DRAFTING)
        an_inquiry(province, kind=kind, started_at=NOW - timedelta(minutes=9))
    session.commit()
    client.act_as(province.clerk)
    text = client.get(f"/queue?pick={pick}").text
    said = re.search(r'class="pick"[^>]* aria-current="true">[^<]+ (\d+)</a>', text)
    table = client.get(f"/queue.csv?pick={pick}").text.splitlines()
    assert len(re.findall(r'id="inquiry-\d+"', text)) == int(said[1]) > 0
    assert sum(f"-{NOW.year}-" in line for line in table) == int(said[1])


def test_what_was_done_today_is_counted_whole_where_only_some_is_listed(session, client, monkeypatch):
    province = Province()
    for _ in range(3):
        an_inquiry(province, status=Status.ANSWERED, now=clock.now())
    session.commit()
    monkeypatch.setattr(lists, "DONE_SIZE", 1)
    client.act_as(province.clerk)
    text = client.get("/queue").text
    assert len(re.findall(r'id="inquiry-\d+"', text)) == 1
    assert re.search(r"#done[^>]*>\s*<span>.*?</span>\s*<b>3</b>", text, re.S)

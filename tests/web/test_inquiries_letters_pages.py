"""The pages of life after release: the section of a case, each act by its form, the lists, the table, the PDF."""

import csv
import re
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.audit.models import AuditEntry
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.inquiries.actions import letters
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_articles import LetterKind, LetterState, Outcome, Verdict, state_of
from pr_tracker.outlets.rules import OutletKind
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.letters import LINK, WRONG_WORDS, a_letter, an_article
from tests.factories.outlets import an_outlet
from tests.web.test_inquiries_plans import plan_of

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return Province()


@pytest.fixture
def answered(province, session):
    case = an_inquiry(
        province, status=Status.ANSWERED, outlet=an_outlet("Báo Biển Tây điện tử", kind=OutletKind.ONLINE)
    )
    session.commit()
    return case


def send(client, inquiry, act, **fields):
    query = fields.pop("query", "")
    return client.post(f"/inquiries/{inquiry.id}/{act}{query}", data={"seen": inquiry.version, **fields})


def fresh(session, model, row_id):
    session.expire_all()
    return session.get(model, row_id)


def pdf_file(name="bai.pdf"):
    return BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"), name


def test_the_section_stands_on_the_page_only_after_the_answer(province, session, sign_in):
    case = an_inquiry(province, status=Status.APPROVED)
    session.commit()
    client = sign_in(province.drafter)
    assert 'id="afterwards"' not in client.get(f"/inquiries/{case.id}").text
    done = an_inquiry(province, status=Status.ANSWERED)
    session.commit()
    assert 'id="afterwards"' in client.get(f"/inquiries/{done.id}").text


def test_a_whole_life_by_its_pages(province, answered, session, sign_in):
    client = sign_in(province.drafter)
    fields = {
        "outlet": answered.outlet.name,
        "outlet_kind": "online",
        "title": "Đường ngập",
        "published_on": "20/11/2026",
    }
    assert client.get(f"/inquiries/{answered.id}/articles/new").status_code == 200
    assert send(client, answered, "articles/new", **fields).status_code == 422  # neither link nor clipping
    sent = send(client, answered, "articles/new", **fields, files=pdf_file())
    assert sent.status_code == 303
    article = session.scalars(sa.select(Article)).one()
    assert article.clipping_id == session.scalars(sa.select(Attachment.id)).one()
    answered = fresh(session, Inquiry, answered.id)
    act = f"articles/{article.id}/judge"
    assert client.get(f"/inquiries/{answered.id}/{act}").status_code == 200
    assert send(client, answered, act, verdict="wrong").status_code == 422
    assert send(client, answered, act, verdict="wrong", passage=WRONG_WORDS).status_code == 303
    answered = fresh(session, Inquiry, answered.id)
    query = f"?kind=feedback&article={article.id}"
    page = client.get(f"/inquiries/{answered.id}/letters/new{query}")
    assert WRONG_WORDS in page.text
    fields = {"subject": "phản hồi", "text": "Sở có ý kiến:", "passage": WRONG_WORDS, "right": "Sở sẽ khơi thông."}
    assert (
        send(client, answered, "letters/new", query=query, **fields, pace="online").status_code == 422
    )  # asks nothing
    assert (
        send(client, answered, "letters/new", query=query, **fields, pace="online", asks=["publish"]).status_code == 303
    )
    letter = session.scalars(sa.select(PressLetter)).one()
    act = f"letters/{letter.id}"
    assert client.get(f"/inquiries/{answered.id}/{act}/approve").status_code == 403
    head = sign_in(province.head)
    answered = fresh(session, Inquiry, answered.id)
    page = head.get(f"/inquiries/{answered.id}/{act}/approve")
    digest = re.search(r'name="digest"[^>]*value="(\w+)"', page.text)[1]
    assert send(head, answered, f"{act}/approve", digest=digest).status_code == 303
    client = sign_in(province.drafter)
    answered = fresh(session, Inquiry, answered.id)
    form = {"number": "215/SXD-VP", "dated_on": "20/11/2026", "sent_at": "18:30 20/11/2026", "way": "email"}
    assert send(client, answered, f"{act}/send", **form).status_code == 303
    answered = fresh(session, Inquiry, answered.id)
    form = {"received_at": "18:30 20/11/2026", "pace": "online"}
    assert send(client, answered, f"{act}/receive", **form).status_code == 303
    shown = client.get(f"/inquiries/{answered.id}").text
    assert "Điều 21" in client.get(f"/inquiries/{answered.id}/{act}").text
    assert article.title in shown
    answered = fresh(session, Inquiry, answered.id)
    form = {"outcome": "published", "published_at": "18:30 20/11/2026", "url": LINK}
    assert send(client, answered, f"{act}/outcome", **{**form, "url": "javascript:alert(1)"}).status_code == 422
    assert send(client, answered, f"{act}/outcome", **form).status_code == 303
    letter = fresh(session, PressLetter, letter.id)
    assert (letter.outcome, state_of(letter, LATER)) == (Outcome.PUBLISHED, LetterState.PUBLISHED)


def test_a_written_answer_on_the_press_starts_the_relay_clock(province, session, sign_in):
    from pr_tracker.inquiries.rules_kinds import Kind

    case = an_inquiry(province, status=Status.ANSWERED, kind=Kind.ANSWER_ON_PRESS, outlet=an_outlet())
    session.commit()
    client = sign_in(province.drafter)
    assert client.get(f"/inquiries/{case.id}/relay").status_code == 200
    form = {"number": "12/SXD-VP", "dated_on": "20/11/2026", "received_at": "16:30 20/11/2026", "pace": "daily"}
    assert send(client, case, "relay", **form).status_code == 303
    letter = session.scalars(sa.select(PressLetter)).one()
    assert (letter.kind, letter.due_on) == (LetterKind.RELAY, date(2026, 12, 7))  # 10 working days, Monday
    assert client.get(f"/inquiries/{case.id}/letters/{letter.id}").status_code == 200
    assert client.get(f"/inquiries/{case.id}/letters/{letter.id}/letter.pdf").status_code == 404
    assert send(client, fresh(session, Inquiry, case.id), "relay", **form).status_code == 409


@pytest.mark.parametrize("act", ["judge", "correct", "withdraw"])
def test_an_article_of_another_case_is_not_there(province, answered, session, sign_in, act):
    other = an_inquiry(province, status=Status.ANSWERED)
    article = an_article(province, other)
    session.commit()
    client = sign_in(province.drafter)
    assert client.get(f"/inquiries/{answered.id}/articles/{article.id}/{act}").status_code == 404
    assert send(client, answered, f"articles/{article.id}/{act}", reason="x", verdict="right").status_code in (404, 422)
    assert fresh(session, Article, article.id).withdrawn_at is None


@pytest.mark.parametrize("act", ["", "/letter.pdf", "/revise", "/drop", "/send", "/receive", "/outcome"])
def test_a_letter_of_another_case_is_not_there(province, answered, session, sign_in, act):
    other = an_inquiry(province, status=Status.ANSWERED)
    letter = a_letter(province, other, an_article(province, other), pace=OutletPace.DAILY)
    session.commit()
    client = sign_in(province.drafter)
    assert client.get(f"/inquiries/{answered.id}/letters/{letter.id}{act}").status_code == 404
    client = sign_in(province.stranger)
    assert client.get(f"/inquiries/{other.id}/letters/{letter.id}{act}").status_code == 404


def test_garbage_in_the_address_is_no_fault(province, answered, session, sign_in):
    client = sign_in(province.drafter)
    for query in ("", "?kind=x", "?kind=relay", "?kind=feedback&article=999"):
        assert client.get(f"/inquiries/{answered.id}/letters/new{query}").status_code in (404, 422)
    for query in ("?before=x.1", "?before=2026-11-20.x", "?after=9999-99-99.1", "?verdict=x&agency=-1&from=31/02/2026"):
        assert client.get(f"/inquiries/articles{query}").status_code == 200


# Lists


def test_the_list_shows_only_articles_of_cases_one_may_see(province, answered, session, sign_in):
    an_article(province, answered, title="Bài đúng", url=LINK + "1", verdict=Verdict.RIGHT)
    an_article(province, answered, title="Bài sai", url=LINK + "2")
    session.commit()
    mine = sign_in(province.drafter)
    assert {"Bài đúng", "Bài sai"} <= set(re.findall("Bài đúng|Bài sai", mine.get("/inquiries/articles").text))
    wrong = mine.get("/inquiries/articles?verdict=wrong").text
    assert "Bài sai" in wrong
    assert "Bài đúng" not in wrong
    for query in (f"outlet={answered.outlet_id}", f"agency={answered.lead_agency_id}", "from=20/11/2026&to=20/11/2026"):
        assert "Bài sai" in mine.get(f"/inquiries/articles?{query}").text
    assert "Bài sai" not in mine.get("/inquiries/articles?to=19/11/2026").text
    assert "Bài sai" not in sign_in(province.stranger).get("/inquiries/articles").text


def test_the_list_turns_page_by_page(province, answered, session, sign_in, monkeypatch):
    monkeypatch.setattr("pr_tracker.inquiries.queries.articles.PAGE_SIZE", 2)
    for number in range(5):
        an_article(province, answered, title=f"Bài số {number}", url=LINK + str(number), verdict=Verdict.UNJUDGED)
    session.commit()
    client, seen, page = sign_in(province.drafter), [], "/inquiries/articles"
    while page:
        text = client.get(page).text
        seen += re.findall(r">(Bài số \d)<", text)
        older = re.search(r'href="(/inquiries/articles\?before=[^"]+)"', text)
        page = older and older[1].replace("&amp;", "&")
    assert seen == [f"Bài số {number}" for number in (4, 3, 2, 1, 0)]


def test_open_press_clocks_stand_by_what_runs_out_first(province, answered, session, sign_in):
    online = an_article(province, answered, title="Bài trên mạng")
    daily = an_article(province, answered, title="Bài báo in", url=LINK + "2", outlet=an_outlet("Báo In"))
    a_letter(province, answered, daily, pace=OutletPace.DAILY, until="received")
    a_letter(province, answered, online, until="received")
    session.commit()
    text = sign_in(province.drafter).get("/inquiries/letters").text
    assert text.index("Bài trên mạng") < text.index("Bài báo in")
    assert "Bài báo in" not in sign_in(province.stranger).get("/inquiries/letters").text


def test_the_table_is_safe_for_spreadsheets_and_noted(province, answered, session, sign_in):
    article = an_article(province, answered, title="=HYPERLINK(1)")
    a_letter(province, answered, article)
    session.commit()
    answer = sign_in(province.drafter).get("/inquiries/letters.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[1][4] == "'=HYPERLINK(1)"
    taken = [entry.data.get("list") for entry in session.scalars(sa.select(AuditEntry))]
    assert "inquiries.letters_table" in taken


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize(
    "page",
    ["/inquiries/articles", "/inquiries/articles?verdict=wrong", "/inquiries/articles?outlet=1", "/inquiries/letters"],
)
@pytest.mark.parametrize("reader", ["clerk", "drafter"])
def test_no_list_walks_through_all_articles_or_letters(province, answered, session, client, page, reader):
    a_letter(province, answered, an_article(province, answered), until="received")
    session.commit()
    client.act_as(getattr(province, reader))
    walks = [
        f"{what}: {statement[:200]}"
        for what, statement in plan_of(client, page)
        if what.startswith("SCAN inquir") and "USING" not in what
    ]
    assert not walks


def test_a_file_with_an_unfinished_letter_is_not_closed(province, answered, session, sign_in):
    letter = a_letter(province, answered, an_article(province, answered))
    session.commit()
    client = sign_in(province.drafter)
    assert send(client, answered, "close", note="").status_code == 409
    letters.drop_letter(answered, letter, "Không gửi", actor=province.drafter, now=LATER)
    session.commit()
    assert send(client, fresh(session, Inquiry, answered.id), "close", note="").status_code == 303

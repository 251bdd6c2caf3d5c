"""The library of statements: what is kept, found, replaced, withdrawn, exported; the same on both databases."""

import csv
import io
import re
from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.errors import BadInput, ChangedMeanwhile, NotAllowed
from pr_tracker.inquiries.rules import Status
from pr_tracker.notices.models import Notice
from pr_tracker.statements import actions, jobs, queries
from pr_tracker.statements.models import Statement, StatementTerm
from pr_tracker.statements.queries import Filters
from pr_tracker.statements.rules import State
from pr_tracker.statements.rules_facts import topic_shared
from pr_tracker.statements.rules_likeness import Matter, alike, terms_of
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.statements import TEXT, TOPIC, a_statement
from tests.web.test_inquiries_plans import plan_of

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


def codes(page):
    return [(row.year, row.number) for row in page.rows]


def test_a_published_statement_is_numbered_kept_word_for_word_and_audited(province, session):
    one = a_statement(province.department, by=province.drafter)
    two = a_statement(province.department, "Giá vé phà", by=province.drafter)
    assert (one.code, two.code) == ("PN-2026-0001", "PN-2026-0002")
    assert one.text == TEXT
    assert list(faults_in_chain()) == []


def test_only_the_agency_that_spoke_and_the_office_keep_a_statement(province):
    with pytest.raises(NotAllowed):
        a_statement(province.department, by=province.stranger)
    with pytest.raises(NotAllowed):
        a_statement(province.department, by=province.supervisor)
    one = a_statement(province.department, by=province.clerk)
    for act in (
        lambda: actions.withdraw(one, "Sai số liệu", actor=province.stranger, now=NOW),
        lambda: actions.set_validity(one, TODAY, actor=province.stranger, now=NOW),
        lambda: actions.supersede(one, a_statement(province.other), actor=province.stranger, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_validity_is_set_changed_and_never_ends_before_it_was_said(province):
    one = a_statement(province.department)
    actions.set_validity(one, TODAY, actor=province.head, now=NOW, seen=one.version)
    assert (one.valid_until, one.version) == (TODAY, 2)
    with pytest.raises(ChangedMeanwhile):
        actions.set_validity(one, None, actor=province.head, now=NOW, seen=1)
    with pytest.raises(BadInput, match="10/11/2026"):
        actions.set_validity(one, date(2026, 11, 9), actor=province.head, now=NOW)
    with pytest.raises(BadInput):
        actions.set_validity(one, TODAY, actor=province.head, now=NOW)


def test_a_newer_statement_takes_the_place_of_an_older_without_circles(province):
    old = a_statement(province.department, said_at=NOW - 9 * DAY)
    middle = a_statement(province.department, said_at=NOW - 5 * DAY, replaces=[old.id])
    new = a_statement(province.department, said_at=NOW - DAY)
    actions.supersede(middle, new, actor=province.head, now=NOW)
    assert [row.id for row in queries.whole_chain(old)] == [new.id, middle.id, old.id]
    assert queries.chain_above(old) == [middle.id, new.id]
    for newer, older in ((old, new), (middle, new), (new, new), (new, old)):
        with pytest.raises(BadInput):
            actions.supersede(older, newer, actor=province.head, now=NOW)


def test_the_database_refuses_a_statement_in_its_own_place(province, session):
    one = a_statement(province.department)
    session.flush()
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(Statement).values(superseded_by_id=one.id, superseded_at=NOW))


def test_an_agency_hears_that_another_replaced_its_statement(province, session):
    old = a_statement(province.department)
    a_statement(province.other, by=province.clerk, said_at=NOW - DAY, replaces=[old.id])
    told = session.scalars(sa.select(Notice).where(Notice.kind == "statement:replaced")).all()
    assert {notice.person_id for notice in told} == {province.drafter.id, province.head.id}
    assert {notice.path for notice in told} == {f"/statements/{old.id}"}


def test_an_agency_is_told_once_five_working_days_before_the_end(province, session):
    soon = a_statement(province.department, valid_until=date(2026, 11, 30))
    a_statement(province.department, "Việc khác", valid_until=date(2026, 12, 1))
    a_statement(province.department, "Đã hết", valid_until=date(2026, 11, 19))
    session.commit()
    morning = NOW - timedelta(hours=6)
    assert jobs.tell_of_ends(NOW + timedelta(hours=6)) == 0  # the office is closed
    assert jobs.tell_of_ends(morning) == 2
    assert jobs.tell_of_ends(morning) == 0
    told = session.scalars(sa.select(Notice).where(Notice.kind == "statement:ends")).all()
    assert {notice.about_id for notice in told} == {soon.id}
    assert {notice.person_id for notice in told} == {province.drafter.id, province.head.id}
    actions.set_validity(soon, date(2026, 11, 27), actor=province.head, now=NOW)
    session.commit()
    assert jobs.tell_of_ends(morning) == 2  # another end is told anew


def test_the_library_is_searched_without_marks_and_narrowed(province, session):
    road = a_statement(province.department, said_at=NOW - 3 * DAY)
    ferry = a_statement(province.other, "Giá vé phà Rạch Giá", "Giá vé không tăng.", said_at=NOW - 2 * DAY)
    gone = a_statement(province.other, "Tuyển sinh lớp 10", "Chỉ tiêu không đổi.", valid_until=TODAY - DAY)
    session.commit()

    def found(**filters):
        return {row.id for row in queries.page(Filters(**filters), TODAY).rows}

    assert found(text="duong tai dinh cu") == {road.id}
    assert found(text="pha ve") == {ferry.id}
    assert found(text="PN-2026-0001") == {road.id}
    assert found(text="gi") == found(text="gì") == {ferry.id}
    assert found(agency_id=province.other.id) == {ferry.id, gone.id}
    assert found(state=State.EXPIRED) == {gone.id}
    assert found(state=State.IN_FORCE) == {road.id, ferry.id}
    actions.withdraw(ferry, "Sai", actor=province.other_head, now=NOW)
    session.flush()
    assert found(state=State.WITHDRAWN) == {ferry.id}
    assert found(text='"%_\\', agency_id=5) == set()


def test_pages_of_the_library_follow_each_other(province, session, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 3)
    for number in range(8):
        a_statement(province.department, f"Việc số {number}", said_at=NOW - (number // 2) * DAY)
    session.commit()
    for filters in (Filters(), Filters(text="viec")):
        first = queries.page(filters, TODAY)
        second = queries.page(filters, TODAY, first.older)
        third = queries.page(filters, TODAY, second.older)
        seen = [*codes(first), *codes(second), *codes(third)]
        assert len(seen) == len(set(seen)) == 8
        assert third.older is None
        assert codes(queries.page(filters, TODAY, third.newer)) == codes(second)


SYLLABLES = [
    "đường",
    "ngập",
    "khu",
    "tái",
    "định",
    "cư",
    "thoát",
    "nước",
    "kinh",
    "phí",
    "sửa",
    "chữa",
    "vé",
    "phà",
    "giá",
    "tăng",
    "thuốc",
    "bảo",
    "hiểm",
    "y",
    "tế",
    "sạt",
    "lở",
    "kè",
]


def test_likeness_finds_what_comparing_with_everything_would_find(province, session):
    random = Random(4)

    def words(number):
        return " ".join(random.choice(SYLLABLES) for _ in range(number))

    stored = [a_statement(province.department, words(6), words(30)) for _ in range(60)]
    session.commit()
    for _ in range(25):
        matter = Matter(words(6), words(12))
        mine = terms_of(matter)
        about = [one for one in stored if topic_shared(matter.topic, one.topic) >= queries.SHARED]
        whole = {one.id: alike(mine, terms_of(Matter(one.topic, one.text))) for one in about}
        best = sorted(whole, key=lambda key: (-round(whole[key], 6), -key))
        found = [one.row.id for one in queries.like(matter)]
        assert found == [one for one in best if whole[one] >= queries.ALIKE_FROM][: queries.MOST_SHOWN]


def test_likeness_looks_at_a_bounded_number_of_statements(province, session):
    for number in range(queries.NEWEST_OF_A_TERM + 10):
        a_statement(province.department, TOPIC, f"Câu trả lời thứ {number}.")
    session.commit()
    found = queries._candidates(terms_of(Matter(TOPIC)))
    assert len(found) == queries.MOST_COMPARED
    newest = session.scalar(sa.select(sa.func.max(Statement.id)))
    assert max(found) == newest


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
def test_likeness_walks_an_index_of_terms(province, session):
    a_statement(province.department)
    session.commit()
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    from pr_tracker.db import db

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert queries.like(Matter(TOPIC))
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    plans = [
        row[3]
        for statement, parameters in sent
        for row in session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
    ]
    walks = [plan for plan in plans if plan.startswith("SCAN statement") and "INDEX" not in plan]
    assert not walks
    assert any("SEARCH statement_terms USING PRIMARY KEY (term=?)" in plan for plan in plans)
    assert not any("ORDER BY" in plan for plan in plans)


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("page", ["/statements", "/statements?agency=1", "/statements?before=0.1766000000000000.5"])
def test_no_list_of_the_library_walks_through_all_statements(province, session, sign_in, page):
    a_statement(province.department)
    session.commit()
    plans = plan_of(sign_in(province.clerk), page)
    about = [what for what, statement in plans if "FROM statements" in statement]
    assert any("USING INDEX ix_statements" in what for what in about)
    assert not [what for what in about if "ORDER BY" in what]


def test_the_terms_of_a_statement_are_kept_with_it(province, session):
    one = a_statement(province.department)
    kept = dict(session.execute(sa.select(StatementTerm.term, StatementTerm.weight)).all())
    assert kept == terms_of(Matter(one.topic, one.text))
    assert "dinh cu" in kept


def test_whoever_may_see_inquiries_sees_the_statements_of_the_whole_province(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    one = a_statement(province.department, inquiry_id=inquiry.id, draft_id=newest_draft(session))
    session.commit()
    page = sign_in(province.stranger).get(f"/statements/{one.id}").text
    assert "Kinh phí sửa chữa hệ thống thoát nước là 15 tỷ đồng." in page
    assert inquiry.code not in page
    assert "withdraw" not in page
    assert inquiry.code in sign_in(province.drafter).get(f"/statements/{one.id}").text
    assert inquiry.code in sign_in(province.clerk).get(f"/statements/{one.id}").text


def newest_draft(session):
    from pr_tracker.inquiries.models import Draft

    return session.scalar(sa.select(sa.func.max(Draft.id)))


def test_a_published_statement_is_recorded_on_the_page_with_what_it_replaces(province, session, sign_in):
    old = a_statement(province.department)
    session.commit()
    client = sign_in(province.drafter)
    typed = {
        "agency_id": province.department.id,
        "topic": TOPIC,
        "text": "Kinh phí sửa chữa hệ thống thoát nước là 12,5 tỷ đồng.",
        "answer_form": "portal",
        "said_at": "08:00 20/11/2026",
        "said_by": "Sở Xây dựng",
        "link": "https://angiang.example/thong-cao",
        "valid_until": "31/12/2026",
    }
    preview = client.post("/statements/preview", data=typed).text
    assert "<mark>12,5 tỷ đồng</mark>" in preview
    assert "<mark>15 tỷ đồng</mark>" in preview
    shown = client.post("/statements/new", data={**typed, "show": "1"})
    assert shown.status_code == 200
    assert "<mark>15 tỷ đồng</mark>" in shown.text
    wrong = client.post("/statements/new", data={**typed, "said_at": "hôm qua", "replaces": old.id})
    assert wrong.status_code == 422
    assert "12,5 tỷ đồng" in wrong.text
    answered = client.post("/statements/new", data={**typed, "replaces": old.id})
    assert answered.status_code == 303
    page = client.get(answered.location).text
    assert "PN-2026-0002" in page
    assert "31/12/2026" in page
    assert "PN-2026-0001" in page
    assert "Đã được thay thế" in client.get(f"/statements/{old.id}").text


def test_nobody_records_for_another_agency(province, session, sign_in):
    typed = {"agency_id": province.other.id, "topic": "Việc", "text": "Lời.", "answer_form": "portal"}
    typed |= {"said_at": "08:00 20/11/2026", "said_by": "Sở"}
    client = sign_in(province.drafter)
    assert client.post("/statements/new", data=typed).status_code == 422
    assert sign_in(province.clerk).post("/statements/new", data=typed).status_code == 303
    assert sign_in(province.supervisor).get("/statements/new").status_code == 403


def test_the_acts_on_a_statement_on_their_pages(province, session, sign_in):
    one = a_statement(province.department, said_at=NOW - 5 * DAY)
    two = a_statement(province.department, text="Kinh phí là 12 tỷ đồng.", said_at=NOW - DAY)
    session.commit()
    client = sign_in(province.head)
    here = f"/statements/{one.id}"

    def seen():
        session.expire_all()
        return {"seen": session.get(Statement, one.id).version}

    assert client.post(f"{here}/validity", data={**seen(), "valid_until": "01/01/2026"}).status_code == 422
    assert client.post(f"{here}/validity", data={**seen(), "valid_until": "31/12/2026"}).status_code == 303
    late = client.post(f"{here}/withdraw", data={"seen": 1, "reason": "Số liệu sai"})
    assert late.status_code == 409
    assert "Số liệu sai" in late.text
    assert "PN-2026-0002" in client.get(f"{here}/supersede").text
    assert client.post(f"{here}/supersede", data={**seen(), "newer": "PN-2026-9999"}).status_code == 422
    assert client.post(f"{here}/supersede", data={**seen(), "newer": "pn 2026 2"}).status_code == 303
    assert client.post(f"{here}/validity", data={**seen(), "valid_until": ""}).status_code == 422
    assert client.post(f"{here}/withdraw", data={**seen(), "reason": " "}).status_code == 422
    assert client.post(f"{here}/withdraw", data={**seen(), "reason": "Số liệu sai"}).status_code == 303
    page = client.get(here).text
    assert "Số liệu sai" in page
    assert "rút phát ngôn" in page
    assert sign_in(province.stranger).post(f"/statements/{two.id}/withdraw", data={"reason": "x"}).status_code == 403
    assert client.get("/statements/999").status_code == 404


def test_the_list_goes_out_as_csv_that_no_spreadsheet_runs(province, session, sign_in):
    a_statement(province.department, topic="=1+1 về đường", said_at=NOW - DAY)
    a_statement(province.other, "Giá vé phà")
    session.commit()
    client = sign_in(province.clerk)
    answered = client.get(f"/statements.csv?agency={province.department.id}")
    assert answered.data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answered.data.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][1] == "'=1+1 về đường"
    assert re.search(r"phat-ngon-2026-11-20\.csv", answered.headers["Content-Disposition"])

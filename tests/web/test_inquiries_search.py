"""Search: the same words find the same cases in the same order on both engines; what a page reads is what it shows."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.models_search import SearchText
from pr_tracker.inquiries.queries.search import EVERYWHERE, NUMBER_RANK, Among, matching, searched_page
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_number import search_place
from pr_tracker.text import fold, lower_nfc, words_in
from tests.factories.inquiries import Province, an_inquiry
from tests.web.test_inquiries_plans import plan_of

CASES, QUERIES, PAGE = 1_000, 10_000, 7
SYLLABLES = (  # noqa: SIM905 - a text is easier to read
    "đường duong cầu cau câu cậu kênh trường trương trưởng bệnh viện viễn xã xà xa giao thông thống chợ cho phà lở lỡ "
    "sạt đất dat dất mà má mã ma bến tre trẻ lúa lụa tôm tom 12 2026 0007 nước nuoc nghề ngói kè rừng rung rùng "
    "Ô-Lâm (Tri) “Tôn” 1.116 a_b nghị nghỉ hội hỏi hói đ Đ ² Khmer ខ្មែរ"
).split()


def rows_of(seed, first):
    """Cases as both engines get them: some words in nearly all, most in few, many a day."""
    chance, weights = random.Random(seed), [1 / (at + 1) for at in range(len(SYLLABLES))]
    for at in range(CASES):
        text = " ".join(chance.choices(SYLLABLES, weights, k=chance.randint(3, 25)))
        received_at = first["received_at"] - timedelta(hours=chance.randint(0, 24 * 30))
        yield {**first, "id": 100 + at, "number": 100 + at, "received_at": received_at}, text


def fill(seed, province=None):
    """Cases, the first of every third for the drafter's agency, few for the stranger's; gives the province."""
    province = province or Province()
    case = an_inquiry(province)
    db.session.flush()
    first = dict(db.session.execute(sa.select(Inquiry.__table__).where(Inquiry.id == case.id)).one()._mapping)
    cases, texts = zip(*rows_of(seed, {**first, "form_token": None}), strict=True)
    db.session.execute(sa.insert(Inquiry.__table__), list(cases))
    db.session.execute(sa.update(SearchText).values(folded=" ", exact=" "))  # the first case has a name of its own
    found = [
        {
            "inquiry_id": row["id"],
            "folded": words_in(fold(text)),
            "exact": words_in(lower_nfc(text)),
            "place": search_place(row["received_at"], row["id"]),
        }
        for row, text in zip(cases, texts, strict=True)
    ]
    db.session.execute(sa.insert(SearchText.__table__), found)
    added = {"part": Part.WATCHING, "added_at": first["received_at"], "added_by_id": province.clerk.id}
    seen = {province.drafter.agency_id: cases[::3], province.stranger.agency_id: cases[::40]}
    parts = [{"inquiry_id": row["id"], "agency_id": agency, **added} for agency in seen for row in seen[agency]]
    db.session.execute(sa.insert(Participation.__table__), parts)
    db.session.commit()
    return province


def asked(seed):
    """Typed texts: one to twelve words, with marks and without, in part, in capitals, with signs; numbers."""
    chance = random.Random(seed)
    for _ in range(QUERIES):
        words = chance.choices(SYLLABLES, k=chance.choice((1, 1, 2, 2, 2, 3, 4, 12)))
        words = [chance.choice((word, word, fold(word), word[:3], word.upper())) for word in words]
        yield chance.choice((" ".join(words), " ".join(words), "  ".join(words) + "?", str(chance.randint(1, 1_500))))


def list_of(reader=None):
    query = sa.select(Inquiry.id, Inquiry.received_at)
    return query if reader is None else query.where(visible_to(reader))


def answers(seed, province):
    """What each typed text finds for one who sees all, much, little: ranks and ids of its first page, of the next one
    and of the way back."""
    found = []
    readers = [list_of(), list_of(province.drafter), list_of(province.stranger)]
    for at, typed in enumerate(asked(seed)):
        query, seen = readers[at % 3], Among(ids=readers[at % 3].with_only_columns(Inquiry.id), is_few=at % 11 == 0)
        page = searched_page(query, typed, None, PAGE, seen if at % 2 else EVERYWHERE)
        rows = [(row.rank, row.id) for row in page.rows]
        if page.older and at % 10 == 0:
            after = searched_page(query, typed, page.older, PAGE)
            assert [row.id for row in searched_page(query, typed, after.newer, PAGE).rows] == [row[1] for row in rows]
            rows += [(row.rank, row.id) for row in after.rows]
        found.append((typed, rows))
    return found


def test_ten_thousand_random_searches_find_the_same_in_the_same_order_on_both_engines(databases):
    found = {}
    for engine in ("sqlite", "postgresql"):
        app = databases.application(engine)
        with databases.fresh(engine, app), app.app_context():
            found[engine] = answers(8, fill(7))
    differing = [pair for pair in zip(found["sqlite"], found["postgresql"], strict=True) if pair[0] != pair[1]]
    assert not differing[:3]
    sizes = [len(rows) for _typed, rows in found["sqlite"]]
    assert sizes.count(0) < QUERIES / 2 < len(sizes) - sizes.count(0)


@pytest.fixture
def filled(session):
    return fill(7)


def test_what_is_found_is_what_reading_every_text_finds(filled):
    texts = db.session.execute(sa.select(SearchText)).scalars().all()
    for typed in ("đường", "duong", "cầu má", "cau ma", "tre lúa xã", "xa", "12 2026"):
        folded, exact = words_in(fold(typed)).split(), words_in(lower_nfc(typed)).split()
        marked = [word for word in exact if word not in folded]
        having = [one for one in texts if set(folded) <= set(one.folded.split())]
        wanted = sorted(having, key=lambda one: (set(marked) <= set(one.exact.split()), one.place), reverse=True)
        if not any(set(marked) <= set(one.exact.split()) for one in wanted):
            continue
        page = searched_page(sa.select(Inquiry.id, Inquiry.received_at), typed, None, 500)
        assert [row.id for row in page.rows] == [one.inquiry_id for one in wanted][:500]


def test_a_word_is_found_whole_and_where_no_case_has_it_by_its_beginning(filled):
    query = sa.select(Inquiry.id, Inquiry.received_at)
    assert searched_page(query, "duon", None, 5).rows
    whole = {row.id for row in searched_page(query, "xa", None, 5_000).rows}
    assert whole == set(db.session.scalars(sa.select(SearchText.inquiry_id).where(SearchText.folded.like("% xa %"))))
    assert not searched_page(query, "uong", None, 5).rows


def test_whether_beginnings_count_hangs_on_nothing_that_the_reader_may_not_see(filled):
    hidden, shown = sa.select(Inquiry.id).where(~visible_to(filled.stranger)), list_of(filled.stranger)

    def seen(typed):
        pages = [searched_page(shown, typed, None, 50).rows, db.session.execute(matching(typed).restrict(shown)).all()]
        return [sorted(row.id for row in rows) for rows in pages]

    before = seen("duon")
    assert before[0] == before[1] != []
    unseen = sa.update(SearchText).where(SearchText.inquiry_id == db.session.scalar(hidden.limit(1)))
    db.session.execute(unseen.values(folded=" duon ", exact=" duon "))
    assert seen("duon") == before
    assert len(searched_page(list_of(), "duon", None, 50).rows) == 1


def test_pages_of_beginnings_go_on_with_beginnings(filled):
    page = searched_page(list_of(filled.drafter), "duong tru", None, PAGE)
    ids = [row.id for row in page.rows]
    while page.older:
        page = searched_page(list_of(filled.drafter), "duong tru", page.older, PAGE)
        ids += [row.id for row in page.rows]
    assert len(ids) > 2 * PAGE
    assert ids == [row.id for row in searched_page(list_of(filled.drafter), "duong tru", None, 500).rows]


def test_a_typed_text_without_a_word_finds_nothing(filled):
    assert not searched_page(sa.select(Inquiry.id, Inquiry.received_at), "?! %", None, 5).rows
    assert not db.session.scalars(matching("?!").restrict(sa.select(Inquiry.id))).all()


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("typed", ["đường", "duong cau", "tre lúa xã", "412"])
def test_no_search_is_sorted_or_counted_before_its_first_page(filled, typed):
    for _rank, narrow in matching(typed).tiers():
        found, place = narrow(sa.select(Inquiry.id))
        query = found.order_by(place.desc()).limit(51)
        compiled = query.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {compiled}".replace(":", "\\:")))]
        assert not [line for line in plan if line.startswith("SCAN inquir") and "VIRTUAL" not in line], plan
        assert _rank == NUMBER_RANK or not [line for line in plan if "TEMP B-TREE" in line], plan


@pytest.mark.only_on("postgresql", why="SQLite has another index of words")
@pytest.mark.parametrize("typed", ["nghị hội", "nghi hội", "nghi hoi", "nghị hộ"])
def test_words_with_marks_are_found_by_the_index_of_words_without_them(filled, typed):
    """Seen red: with a condition on the marked text alone, which no index has, every text was read."""
    for way in ("seqscan", "indexscan"):
        db.session.execute(sa.text(f"SET LOCAL enable_{way} = off"))
    query = sa.select(SearchText.inquiry_id).where(matching(typed).typed.occur())
    compiled = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = " ".join(db.session.scalars(sa.text(f"EXPLAIN {compiled}".replace(":", "\\:").replace("%%", "%"))))
    assert "ix_inquiry_search_folded" in plan, plan


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
def test_no_page_of_a_case_walks_through_all_inquiries_once_the_database_knows_its_statistics(session, client):
    province = Province()
    fill(7, province)
    session.execute(sa.text("ANALYZE"))
    session.commit()
    client.act_as(province.clerk)
    for page in ("/inquiries/150", "/inquiries/150/history", "/inquiries?q=đường"):
        walks = [what for what, _ in plan_of(client, page) if what.startswith("SCAN inquiries")]
        assert not walks, page

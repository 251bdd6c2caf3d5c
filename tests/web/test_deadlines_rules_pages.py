"""Rules as data, on pages: who may supersede a version, what is refused, what is shown before it is saved."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.deadlines import queries
from pr_tracker.deadlines.models import ClockVersionRow
from pr_tracker.deadlines.rules import SHIPPED, ClockKey
from pr_tracker.deadlines.rules_ladder import Ladder
from pr_tracker.deadlines.rules_table import Citation, Confidence, Instrument
from pr_tracker.deadlines.rules_terms import (
    Allowance,
    AtOnce,
    BeforeDate,
    ByOutlet,
    CalendarDays,
    ClockHours,
    NextIssue,
    OutletPace,
    WorkingDays,
)
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.office_time import office_day, write_day
from pr_tracker.permissions import Role
from tests.factories.accounts import a_person, an_agency
from tests.factories.inquiries import Province, an_inquiry

OPINION = "/deadlines/clocks/forwarded_opinion_notice"
FORM = f"{OPINION}/supersede"


def today():
    return office_day(clock.now())


def typed(since=None, **more):
    """The form of a newer version: ten working days from a day a year from now."""
    return {
        "valid_from": write_day(since or today() + timedelta(days=365)),
        "kind": "working_days",
        "number": "10",
        "confidence": "T",
        "instrument_1": "other",
        "name_1": "Nghị định 300/2027/NĐ-CP",
        "article_1": "12",
        "clause_1": "3",
        "instrument_2": "",
        "days_before": "5, 1",
        "day_at": "08:00",
        "late_days": "1, 2, 4",
        "hours_before": "12, 4, 1",
        "late_hours": "0, 2, 6",
        "stop_days": "0",
        "extension_days": "0",
        "act": "look",
        **more,
    }


def words_of(page):
    return " ".join(re.sub("<[^>]+>", " ", page.text).split())


def seen_on(page):
    return re.search(r'name="seen" value="([^"]+)"', page.text)[1]


def save(client, form=FORM, **more):
    """Look, then confirm."""
    shown = client.post(form, data=typed(**more))
    assert shown.status_code == 200, words_of(shown)
    return client.post(form, data=typed(**more, act="save", seen=seen_on(shown)))


@pytest.fixture
def admin(session, sign_in):
    person = a_person("Lưu Quản Trị", agency=an_agency("Văn phòng"), roles=(Role.ADMIN,))
    session.commit()
    return sign_in(person)


def stored():
    return db.session.scalars(sa.select(ClockVersionRow).order_by(ClockVersionRow.id)).all()


# Reading


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_everybody_signed_in_reads_a_clock_with_its_versions(session, sign_in, role, language):
    person = a_person(roles=(role,))
    person.language = language
    session.commit()
    page = sign_in(person).get(OPINION)
    assert page.status_code == 200
    assert "237/2026/NĐ-CP" in page.text
    assert ("hết hiệu lực" if language == "vi" else "past") in page.text
    assert ("Thay bản này từ ngày" in page.text) == (role is Role.ADMIN and language == "vi")


@pytest.mark.parametrize("key", ClockKey)
def test_every_clock_has_a_page_and_a_form(admin, key):
    assert admin.get(f"/deadlines/clocks/{key}").status_code == 200
    assert admin.get(f"/deadlines/clocks/{key}/supersede").status_code == 200


def test_a_clock_nobody_knows_is_not_found(admin):
    assert admin.get("/deadlines/clocks/abc").status_code == 404
    assert admin.get("/deadlines/clocks/abc/supersede").status_code == 404
    assert admin.get("/deadlines/clocks/versions/99/withdraw").status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.TRAINER, Role.SUPERVISOR])
def test_only_administrators_supersede(session, sign_in, role):
    person = a_person(roles=(role,))
    session.commit()
    client = sign_in(person)
    assert client.get(FORM).status_code == 403
    assert client.post(FORM, data=typed()).status_code == 403
    assert stored() == []


# Superseding


def test_looking_shows_both_versions_and_saves_nothing(admin):
    page = admin.post(FORM, data=typed())
    said = words_of(page)
    assert "15 ngày làm việc" in said
    assert "10 ngày làm việc" in said
    assert "khoản 3 Điều 12 Nghị định 300/2027/NĐ-CP" in said.replace("Khoản", "khoản")
    assert "Chưa lưu gì" in said
    assert stored() == []


def test_confirming_saves_the_version_and_ends_the_one_before(admin):
    since = today() + timedelta(days=365)
    answer = save(admin, number="12", point_1="a", note="Công văn 12/VP")
    assert (answer.status_code, answer.headers["Location"]) == (303, OPINION)
    newest, before, _oldest = queries.rule_book().versions_of("forwarded_opinion_notice")
    assert (newest.term, newest.valid_from) == (WorkingDays(12), since)
    assert newest.basis == (Citation(Instrument.OTHER, 12, 3, "a", "Nghị định 300/2027/NĐ-CP"),)
    assert (newest.confidence, newest.allowance, newest.ladder) == (Confidence.TEXT, Allowance(), None)
    assert before.valid_to == since - timedelta(days=1)
    said = words_of(admin.get(OPINION))
    for words in ("sắp có hiệu lực", "Lưu Quản Trị", "Công văn 12/VP", f"đến {write_day(before.valid_to)}"):
        assert words in said
    assert "sắp có hiệu lực" in admin.get("/deadlines").text


def test_a_version_in_force_moves_open_inquiries_and_their_history_says_why(admin, session):
    province = Province()
    inquiry = an_inquiry(province, kind=Kind.FORWARDED_OPINION, now=clock.now())
    session.commit()
    shown = admin.post(FORM, data=typed(today()))
    assert "1 thời hạn" in words_of(shown)
    assert "không rút lại được" in words_of(shown)
    before = inquiry.due_on
    assert save(admin, since=today()).status_code == 303
    session.expire_all()
    assert session.scalar(sa.select(Inquiry.due_on)) < before
    assert session.scalar(sa.select(Inquiry.clock_version)) == f"forwarded_opinion_notice@{today()}"
    told = session.scalar(sa.select(HistoryEntry.data).where(HistoryEntry.event == "inquiry:deadline:move"))
    assert told["note"].startswith("khoản 3 Điều 12 Nghị định 300/2027/NĐ-CP: 10 ngày làm việc, áp dụng từ")


def test_what_was_typed_can_be_changed_before_it_is_saved(admin):
    page = admin.post(FORM, data=typed(act="edit", number="11"))
    assert page.status_code == 200
    assert 'value="11"' in page.text
    assert "Nghị định 300/2027/NĐ-CP" in page.text


def test_a_version_may_have_its_own_allowance_and_ladder(admin):
    answer = save(
        admin,
        stop_days="4",
        extension_days="2",
        days_before="7 3; 1",
        day_at="9:30",
        late_days="1,3,5",
    )
    assert answer.status_code == 303
    newest = queries.rule_book().versions_of("forwarded_opinion_notice")[0]
    assert newest.allowance == Allowance(4, 2)
    assert newest.ladder == Ladder((7, 3, 1), newest.ladder.day_at, (12, 4, 1), (0, 2, 4), (0, 2, 6))
    assert f"{newest.ladder.day_at:%H:%M}" == "09:30"
    assert "tạm dừng tối đa 4 ngày làm việc" in words_of(admin.get(OPINION)).lower()


@pytest.mark.parametrize(
    ("key", "more", "term"),
    [
        ("answer_on_press", {"kind": "calendar_days", "number": "20"}, CalendarDays(20)),
        ("incident_initial_info", {"kind": "clock_hours", "number": "12"}, ClockHours(12)),
        ("annual_report", {"kind": "before_date", "number": "15/12"}, BeforeDate(12, 15)),
        ("correction_online", {"kind": "at_once", "number": ""}, AtOnce()),
        ("internal_reply", {"kind": "setting_days", "number": ""}, SHIPPED.versions_of("internal_reply")[0].term),
        (
            "correction_periodical",
            {
                "kind_weekly": "next_issue",
                "number_weekly": "",
                "kind_magazine": "next_issue",
                "number_magazine": "",
                "kind_slow_magazine": "calendar_days",
                "number_slow_magazine": "3",
            },
            ByOutlet(
                (
                    (OutletPace.WEEKLY, NextIssue()),
                    (OutletPace.MAGAZINE, NextIssue()),
                    (OutletPace.SLOW_MAGAZINE, CalendarDays(3)),
                )
            ),
        ),
    ],
)
def test_each_kind_of_term_can_be_entered(admin, key, more, term):
    assert save(admin, f"/deadlines/clocks/{key}/supersede", **more).status_code == 303
    assert queries.rule_book().versions_of(key)[0].term == term
    assert admin.get(f"/deadlines/clocks/{key}").status_code == 200


@pytest.mark.parametrize("key", ClockKey)
def test_the_form_offers_what_the_newest_version_says(admin, key):
    """Saved as it is offered, with a later day, it says the same."""
    page = admin.get(f"/deadlines/clocks/{key}/supersede").text
    values = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', page))
    for name, body in re.findall(r'<select[^>]*? name="(\w+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        values[name] = chosen[1] if chosen else ""
    values["confidence"] = re.search(r'<input checked[^>]*? name="confidence"[^>]*? value="([^"]*)"', page)[1]
    values |= {"valid_from": write_day(today() + timedelta(days=365)), "act": "look"}
    shown = admin.post(f"/deadlines/clocks/{key}/supersede", data=values)
    assert shown.status_code == 200
    assert shown.text.count("như cũ") == 5  # all lines but the first day


# Refused


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"valid_from": "01/07/2026"}, "valid_from", "Bản mới nhất có hiệu lực từ 01/07/2026"),
        ({"valid_from": ""}, "valid_from", ""),
        ({"valid_from": "31/02/2027"}, "valid_from", "31/02/2027"),
        ({"number": "0"}, "number", "từ 1 đến 365"),
        ({"number": "mười"}, "number", "mười"),
        ({"number": "9999"}, "number", "9999"),
        ({"kind": "next_issue"}, "kind", ""),
        ({"kind": ""}, "kind", ""),
        ({"confidence": "X"}, "confidence", ""),
        ({"instrument_1": "", "name_1": "", "article_1": "", "clause_1": ""}, "instrument_1", "Ghi văn bản"),
        ({"name_1": ""}, "name_1", "Ghi tên và số"),
        ({"instrument_1": "decree_244_2026"}, "instrument_1", "văn bản khác"),
        ({"article_1": ""}, "clause_1", "Có khoản thì phải ghi điều"),
        ({"point_1": "8"}, "point_1", "Điểm là một chữ cái"),
        ({"article_1": "1.5"}, "article_1", "1.5"),
        ({"stop_days": "61"}, "stop_days", "60"),
        ({"extension_days": "-1"}, "extension_days", "-1"),
        ({"kind": "clock_hours", "stop_days": "3"}, "stop_days", "Chỉ thời hạn tính theo ngày"),
        ({"days_before": "1, 5"}, "days_before", "số lớn nhất trước"),
        ({"late_days": "0, 1, 2"}, "late_days", "ngày thứ 1"),
        ({"late_days": "1, 2"}, "late_days", "ba số"),
        ({"late_hours": ""}, "late_hours", "ba số"),
        ({"day_at": "25:00"}, "day_at", "25:00"),
        ({"name_1": "x" * 201}, "name_1", "200"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(admin, wrong, field, words):
    page = admin.post(FORM, data=typed(**wrong))
    assert page.status_code == 422
    found = re.search(rf'id="{field}-error".*?</span></span>|aria-describedby="[^"]*{field}-error', page.text, re.S)
    assert found, words_of(page)
    assert words.lower() in words_of(page).lower()
    assert stored() == []


def test_an_empty_or_strange_form_is_no_fault(admin):
    assert admin.post(FORM, data={}).status_code == 422
    assert admin.post(FORM, data={"act": "save"}).status_code == 422
    assert admin.post(FORM, data=typed(act="save", seen="\x00 nonsense")).status_code == 409


def test_a_newer_version_comes_after_every_other_even_one_to_come(admin):
    save(admin)
    page = admin.post(FORM, data=typed(today() + timedelta(days=100)))
    assert page.status_code == 422
    assert "phải bắt đầu muộn hơn" in page.text


def test_of_two_administrators_one_wins_and_the_other_looks_again(admin):
    seen = seen_on(admin.post(FORM, data=typed()))
    later = today() + timedelta(days=500)
    assert save(admin).status_code == 303
    page = admin.post(FORM, data=typed(later, act="save", seen=seen))
    assert page.status_code == 409
    assert "đã có người khác thay" in words_of(page)
    assert len(stored()) == 1
    assert admin.post(FORM, data=typed(later, act="save", seen=seen_on(page))).status_code == 303


# Withdrawing


def test_a_version_to_come_is_withdrawn_and_stays_on_the_page(admin):
    save(admin)
    address = f"/deadlines/clocks/versions/{stored()[0].id}/withdraw"
    page = admin.get(address)
    assert "Nghị định 300/2027/NĐ-CP" in words_of(page)
    answer = admin.post(address, data={"seen": seen_on(page)})
    assert (answer.status_code, answer.headers["Location"]) == (303, OPINION)
    assert queries.rule_book() == SHIPPED
    assert "Dự kiến áp dụng từ" in words_of(admin.get(OPINION))
    assert "1 bản đã rút" in admin.get("/deadlines").text
    again = admin.post(address, data={"seen": seen_on(page)})
    assert (again.status_code, "đã có người khác rút" in words_of(again)) == (409, True)


def test_a_version_in_force_is_never_withdrawn(admin):
    save(admin, since=today())
    address = f"/deadlines/clocks/versions/{stored()[0].id}/withdraw"
    for page, status in ((admin.get(address), 200), (admin.post(address, data={"seen": "x"}), 422)):
        assert page.status_code == status
        assert "chỉ có thể được thay bằng bản mới" in words_of(page)
    assert "Rút bản này" not in admin.get(OPINION).text
    assert len(queries.rule_book().versions_of("forwarded_opinion_notice")) == 3


def test_the_pages_in_english(session, sign_in):
    person = a_person(roles=(Role.ADMIN,))
    person.language = "en"
    session.commit()
    client = sign_in(person)
    page = client.post(FORM, data=typed())
    for words in ("What the new version says", "15 working days", "10 working days", "No open deadline moves"):
        assert words in words_of(page)
    assert "must begin later" in client.post(FORM, data=typed(valid_from="01/07/2026")).text


# Everything that computes uses them


def test_the_terms_that_are_set_say_when_a_rule_overrules_them(admin):
    assert "những con số ở đây" not in words_of(admin.get("/deadlines/terms"))
    save(admin, "/deadlines/clocks/internal_reply/supersede", number="4")
    said = words_of(admin.get("/deadlines/terms"))
    assert "quy định ấn định 4 ngày làm việc, những con số ở đây không còn áp dụng" in said


def test_the_calculator_counts_under_the_version_of_the_day(admin):
    since = today() + timedelta(days=365)
    save(admin, since=since)
    address = "/deadlines/calculator?key=forwarded_opinion_notice&at={}T10:00"
    assert "10 ngày làm việc" in admin.get(address.format(since)).text
    assert "15 ngày làm việc" in admin.get(address.format(since - timedelta(days=1))).text

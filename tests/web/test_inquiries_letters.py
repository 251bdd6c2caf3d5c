"""Articles and letters to the press, by the office's acts: who may what, rounds, clocks, reminders, two at once."""

from dataclasses import replace
from datetime import date, time, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import compute
from pr_tracker.deadlines.rules_rerun import Move
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.errors import BadInput, ChangedMeanwhile, NotAllowed, StepNotAllowed
from pr_tracker.inquiries import jobs_letters as jobs
from pr_tracker.inquiries.actions import answer, articles, letters, sealing
from pr_tracker.inquiries.actions.articles import Found
from pr_tracker.inquiries.actions.letters import Receipt
from pr_tracker.inquiries.actions.press_clocks import PressClocks
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.queries.case import history_of
from pr_tracker.inquiries.queries.digest import things_of_today
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_articles import LetterKind, LetterState, Outcome, SendingWay, Stated, Verdict, state_of
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import DigestPart
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.outlets.rules import OutletKind
from tests.factories.accounts import NOW, a_person
from tests.factories.authorisations import an_authorisation
from tests.factories.inquiries import Province, an_inquiry, approved
from tests.factories.letters import LINK, WRONG_WORDS, a_letter, an_article, words
from tests.factories.outlets import an_outlet

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEND = {"number": "215/SXD-VP", "dated_on": office_day(NOW), "sent_at": NOW, "way": SendingWay.EMAIL}


def at(day, month=11, hour=8, minute=0):
    return office_instant(date(2026, month, day), time(hour, minute))


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def answered(province):
    return an_inquiry(province, status=Status.ANSWERED, outlet=an_outlet(kind=OutletKind.ONLINE))


# Articles


def test_an_article_is_about_the_answer_that_was_given(province, answered):
    article = an_article(province, answered, verdict=Verdict.UNJUDGED)
    assert article.draft_id == answered.approved_draft_id
    assert article.verdict is Verdict.UNJUDGED


def test_of_a_refused_inquiry_articles_are_followed_too(province):
    refused = an_inquiry(province, status=Status.REFUSED)
    assert an_article(province, refused).verdict is Verdict.WRONG


@pytest.mark.parametrize("status", [one for one in Status if one not in (Status.ANSWERED, Status.REFUSED)])
def test_only_what_left_the_house_is_followed(province, status):
    inquiry = an_inquiry(province, status=status)
    with pytest.raises(StepNotAllowed):
        articles.add_article(
            inquiry, Found(inquiry.outlet, "Bài", office_day(NOW), LINK), actor=province.clerk, now=NOW
        )


@pytest.mark.parametrize(
    ("url", "on", "field"),
    [
        ("", date(2026, 11, 20), "url"),
        (LINK, date(2026, 11, 21), "published_on"),
        (LINK, date(2026, 11, 19), "published_on"),
    ],
)
def test_an_article_needs_something_that_shows_it_and_a_possible_day(province, answered, url, on, field):
    with pytest.raises(BadInput) as refused:
        an_article(province, answered, url=url, on=on)
    assert refused.value.field == field


def test_one_link_is_entered_once_until_its_entry_is_withdrawn(province, answered):
    first = an_article(province, answered, verdict=Verdict.RIGHT)
    with pytest.raises(BadInput):
        an_article(province, answered)
    articles.withdraw_article(answered, first, "Nhập nhầm vụ việc", actor=province.drafter, now=NOW)
    assert an_article(province, answered).id != first.id


def test_wrong_is_said_of_words_and_stays_while_a_letter_says_so(province, answered):
    article = an_article(province, answered, verdict=Verdict.UNJUDGED)
    by = {"actor": province.drafter, "now": NOW}
    with pytest.raises(BadInput):
        articles.judge_article(answered, article, Verdict.WRONG, **by)
    articles.judge_article(answered, article, Verdict.WRONG, passage=WRONG_WORDS, **by)
    a_letter(province, answered, article)
    with pytest.raises(BadInput):
        articles.judge_article(answered, article, Verdict.RIGHT, **by)
    with pytest.raises(StepNotAllowed):
        articles.withdraw_article(answered, article, "Nhầm", **by)


def test_a_corrected_entry_keeps_the_former_one_in_the_history(province, answered, session):
    article = an_article(province, answered, title="Tiêu đề nhầm")
    better = Found(answered.outlet, "Tiêu đề đúng", office_day(NOW), LINK + "2")
    articles.correct_article(answered, article, better, actor=province.drafter, now=NOW)
    line = history_of(answered)[0]
    assert line.data["former"]["title"] == "Tiêu đề nhầm"
    assert article.url == LINK + "2"


def test_other_agencies_do_not_enter_articles(province, answered):
    found = Found(answered.outlet, "Bài", office_day(NOW), LINK)
    for person in (province.stranger, province.other_head, province.supervisor):
        with pytest.raises(NotAllowed):
            articles.add_article(answered, found, actor=person, now=NOW)
    articles.add_article(answered, found, actor=province.clerk, now=NOW)


# Letters: who may what


def test_a_second_person_approves_a_letter(province, answered):
    article = an_article(province, answered)
    text = words()
    letter = letters.draft_letter(answered, LetterKind.FEEDBACK, text, article=article, actor=province.head, now=NOW)
    with pytest.raises(NotAllowed):
        letters.approve_letter(answered, letter, letter.digest, actor=province.head, now=NOW)
    for person in (province.drafter, province.clerk, province.other_head):
        with pytest.raises(NotAllowed):
            letters.approve_letter(answered, letter, letter.digest, actor=person, now=NOW)
    letters.approve_letter(answered, letter, letter.digest, actor=province.deputy, now=NOW)
    assert (letter.approved_by, letter.approved_title) == (province.deputy, "Phó Giám đốc")


def test_only_the_text_that_was_read_is_approved(province, answered):
    letter = a_letter(province, answered, an_article(province, answered))
    read = letter.digest
    letters.revise_letter(answered, letter, words(right="Khác"), actor=province.drafter, now=NOW)
    with pytest.raises(BadInput):
        letters.approve_letter(answered, letter, read, actor=province.head, now=NOW)


def test_a_changed_letter_must_be_approved_again(province, answered):
    letter = a_letter(province, answered, an_article(province, answered), until="approved")
    with pytest.raises(BadInput):
        letters.revise_letter(answered, letter, words(), actor=province.drafter, now=NOW)  # says the same
    letters.revise_letter(answered, letter, words(right="Khác"), actor=province.drafter, now=NOW)
    assert (letter.approved_at, letter.version) == (None, 2)
    with pytest.raises(StepNotAllowed):
        letters.send_letter(answered, letter, **SEND, actor=province.drafter, now=NOW)
    assert history_of(answered)[0].data["voids_approval"] is True


def test_a_returned_letter_waits_for_a_new_version(province, answered):
    letter = a_letter(province, answered, an_article(province, answered))
    letters.return_letter(answered, letter, "Nêu rõ số liệu", actor=province.head, now=NOW)
    with pytest.raises(StepNotAllowed):
        letters.approve_letter(answered, letter, letter.digest, actor=province.head, now=NOW)
    letters.revise_letter(answered, letter, words(proof="Biên bản 3/11"), actor=province.drafter, now=NOW)
    assert state_of(letter, NOW) is LetterState.DRAFT


def test_only_the_lead_agency_writes(province, answered):
    article = an_article(province, answered)
    for person in (province.clerk, province.stranger):
        with pytest.raises(NotAllowed):
            letters.draft_letter(answered, LetterKind.FEEDBACK, words(), article=article, actor=person, now=NOW)


def test_whoever_the_head_authorised_approves_by_the_paper_and_only_in_its_term(province, session):
    case = an_inquiry(province, status=Status.DRAFTING, outlet=an_outlet(kind=OutletKind.ONLINE))
    other = a_person("Hoàng Được Ủy Quyền", agency=province.department)
    paper = an_authorisation(case, other, by=province.head, until_at=NOW + 2 * HOUR)
    answer.submit(case, actor=province.drafter, now=NOW)
    approved(case, province, now=NOW)
    told = {"at": NOW, "speaker": province.head, "evidence": "x", "actor": province.drafter, "now": NOW}
    sealing.release(case, AnswerForm.WRITTEN, **told)
    letter = a_letter(province, case, an_article(province, case))
    with pytest.raises(NotAllowed):
        letters.approve_letter(case, letter, letter.digest, actor=other, now=NOW + 2 * HOUR)
    letters.approve_letter(case, letter, letter.digest, actor=other, now=NOW + 2 * HOUR - timedelta(seconds=1))
    assert letter.authority["number"] == paper.number
    assert history_of(case)[0].data["authority"]["giver"] == province.head.full_name


@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.NOT_USED, Verdict.UNJUDGED])
def test_feedback_is_about_words_that_are_wrong(province, answered, verdict):
    article = an_article(province, answered, verdict=verdict)
    for kind in (LetterKind.FEEDBACK, LetterKind.CORRECTION):
        with pytest.raises(BadInput):
            a_letter(province, answered, article, kind=kind)
    a_letter(province, answered, article, kind=LetterKind.ANSWER_US)


def test_the_press_law_of_a_letter_is_stored_in_the_database_too(province, answered, session):
    letter = a_letter(province, answered, an_article(province, answered))
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(
            sa.update(PressLetter)
            .where(PressLetter.id == letter.id)
            .values(approved_at=NOW, approved_by_id=letter.drafted_by_id)
        )
    session.rollback()


# Sending, receipt, outcome


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": " "}, "number"),
        ({"sent_at": NOW - HOUR}, "sent_at"),
        ({"sent_at": NOW + HOUR}, "sent_at"),
        ({"dated_on": date(2026, 11, 19)}, "dated_on"),
        ({"dated_on": date(2026, 11, 21)}, "dated_on"),
    ],
)
def test_a_letter_goes_out_after_its_approval_with_number_and_day(province, answered, changed, field):
    letter = a_letter(province, answered, an_article(province, answered), until="approved")
    with pytest.raises(BadInput) as refused:
        letters.send_letter(answered, letter, **{**SEND, **changed}, actor=province.drafter, now=NOW)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("kind", "pace", "issue", "due_on", "due_at"),
    [
        # received Friday 20 November 2026, 16:30; Tuesday 24 November is a day off
        (OutletKind.PRINT, OutletPace.DAILY, None, date(2026, 11, 23), None),
        (OutletKind.RADIO, OutletPace.DAILY, None, date(2026, 11, 23), None),
        (OutletKind.TELEVISION, OutletPace.DAILY, None, date(2026, 11, 23), None),
        (OutletKind.ONLINE, OutletPace.ONLINE, None, None, NOW),
        (OutletKind.PRINT, OutletPace.WEEKLY, date(2026, 11, 26), date(2026, 11, 26), None),
        (OutletKind.MAGAZINE, OutletPace.MAGAZINE, date(2026, 12, 15), date(2026, 12, 15), None),
        (OutletKind.MAGAZINE, OutletPace.SLOW_MAGAZINE, None, date(2026, 11, 23), None),
    ],
)
@pytest.mark.parametrize("about", [LetterKind.FEEDBACK, LetterKind.CORRECTION])
def test_the_clock_of_the_press_agency_starts_with_the_receipt(
    province, answered, about, kind, pace, issue, due_on, due_at
):
    article = an_article(province, answered, outlet=an_outlet(kind=kind))
    letter = a_letter(province, answered, article, kind=about, pace=pace, until="received", next_issue_on=issue)
    assert (letter.due_on, letter.due_at) == (due_on, due_at)
    assert letter.clock["steps"][0]["kind"] == "rule"


def test_a_weekly_asks_for_the_day_of_its_next_issue(province, answered):
    article = an_article(province, answered, outlet=an_outlet(kind=OutletKind.PRINT))
    letter = a_letter(province, answered, article, pace=OutletPace.WEEKLY, until="sent")
    with pytest.raises(BadInput) as refused:
        letters.receive_letter(answered, letter, Receipt(NOW, OutletPace.WEEKLY), actor=province.drafter, now=NOW)
    assert refused.value.field == "next_issue_on"


def test_before_july_2026_our_table_names_no_term_and_three_rounds_may_go(province):
    early = at(15, 6, 9)
    case = an_inquiry(province, status=Status.ANSWERED, outlet=an_outlet(kind=OutletKind.ONLINE, now=early), now=early)
    article = an_article(province, case, now=early)
    by = {"actor": province.drafter, "now": early}
    for number in (1, 2, 3):
        letter = a_letter(province, case, article, until="received", now=early)
        assert (letter.round, letter.ends_at) == (number, None)
        letters.record_outcome(case, letter, Outcome.REFUSED, note="Báo không đăng", **by)
    with pytest.raises(BadInput):
        a_letter(province, case, article, now=early)
    with pytest.raises(BadInput):
        a_letter(province, case, article, now=NOW)


def test_feedback_goes_two_rounds_and_each_after_the_former_is_over(province, answered):
    article = an_article(province, answered)
    first = a_letter(province, answered, article, until="sent")
    with pytest.raises(StepNotAllowed):
        a_letter(province, answered, article)
    later = NOW + HOUR
    receipt = Receipt(NOW, OutletPace.ONLINE)
    letters.receive_letter(answered, first, receipt, actor=province.drafter, now=NOW)
    second = a_letter(province, answered, article, until="received", now=later)  # at once is over
    assert second.round == 2
    assert (first.outcome, first.next_reminder_at) == (Outcome.CLOSED, None)  # the second is owed now
    with pytest.raises(BadInput) as refused:
        a_letter(province, answered, article, now=later + HOUR)
    assert "Article 21(1)" in refused.value.message
    by = {"actor": province.drafter, "now": later}
    with pytest.raises(StepNotAllowed):  # what came of the first stays
        letters.record_outcome(answered, first, Outcome.REFUSED, note="x", **by)
    with pytest.raises(StepNotAllowed):
        letters.receive_letter(answered, first, receipt, **by)


def test_a_dropped_letter_leaves_its_round_free(province, answered):
    article = an_article(province, answered)
    letter = a_letter(province, answered, article)
    letters.drop_letter(answered, letter, "Báo đã tự sửa", actor=province.drafter, now=NOW)
    assert a_letter(province, answered, article).round == 1


def test_what_was_published_is_shown_and_lateness_is_told(province, answered):
    letter = a_letter(province, answered, an_article(province, answered), until="received")
    by = {"actor": province.drafter, "now": NOW + HOUR}
    for facts in ({"published_at": NOW + HOUR}, {"url": LINK}, {"url": LINK, "published_at": NOW + DAY}):
        with pytest.raises(BadInput):
            letters.record_outcome(answered, letter, Outcome.PUBLISHED, **facts, **by)
    with pytest.raises(BadInput):
        letters.record_outcome(answered, letter, Outcome.INSUFFICIENT, url=LINK, published_at=NOW + HOUR, **by)
    letters.record_outcome(answered, letter, Outcome.PUBLISHED, url=LINK, published_at=NOW + HOUR, **by)
    assert history_of(answered)[0].data["late"] is True
    assert letter.next_reminder_at is None


def test_a_file_is_not_closed_while_a_letter_waits(province, answered):
    letter = a_letter(province, answered, an_article(province, answered))
    with pytest.raises(StepNotAllowed):
        letters.require_no_unfinished(answered)
    letters.drop_letter(answered, letter, "Không gửi", actor=province.drafter, now=NOW)
    letters.require_no_unfinished(answered)


# Reminders, calendar


def told(kind):
    query = sa.select(Notice).where(Notice.kind == kind).order_by(Notice.id)
    return [(one.person.full_name, one.data.get("days")) for one in db.session.scalars(query)]


def test_the_case_officer_hears_before_the_end_and_after_it(province, answered):
    outlet = an_outlet(kind=OutletKind.PRINT)
    letter = a_letter(
        province, answered, an_article(province, answered, outlet=outlet), pace=OutletPace.DAILY, until="received"
    )
    # due Monday 23 November; Tuesday is off; late from Wednesday 25
    assert jobs.remind_of_press(at(22)) == 0  # Sunday
    assert jobs.remind_of_press(at(23)) == 1
    assert jobs.remind_of_press(at(23, hour=9)) == 0
    assert told("press:soon") == [("Nguyễn Chuyên Viên", 0)]
    assert jobs.remind_of_press(at(24)) == 0
    assert jobs.remind_of_press(at(25)) == 1
    assert told("press:late") == [("Nguyễn Chuyên Viên", 1)]
    assert jobs.remind_of_press(at(26)) == 2  # the head too
    letters.record_outcome(
        answered, letter, Outcome.REFUSED, note="Không đăng", actor=province.drafter, now=at(26, hour=9)
    )
    assert jobs.remind_of_press(at(30)) == 0


def test_a_day_off_moves_the_clock_of_the_press_agency(province, answered):
    outlet = an_outlet(kind=OutletKind.PRINT)
    article = an_article(province, answered, outlet=outlet)
    letter = a_letter(province, answered, article, pace=OutletPace.DAILY, until="received")
    holder = PressClocks()
    (clock,) = holder.open_clocks()
    assert (clock.agency, clock.guard) == (outlet.name, ("inquiries", answered.id))
    assert holder.lock() == {("inquiries", answered.id)}
    other = compute("correction_daily", NOW + 5 * DAY, calendar=working_calendar())
    holder.move([Move(clock, other)], why="Nghỉ thêm", actor=None, now=NOW)
    assert letter.due_on == other.due_on
    line = history_of(answered)[0]
    assert (line.event, line.data["agency"]) == (InquiryEvent.DEADLINE_MOVE, outlet.name)
    assert [name for name, _ in told("clock:moved")] == ["Nguyễn Chuyên Viên"]


def test_leaders_hear_of_a_letter_and_a_wrong_quotation(province, answered):
    article = an_article(province, answered)
    a_letter(province, answered, article, until="approved")
    assert {name for name, _ in told("article:wrong")} == {"Lê Giám Đốc"}
    assert {name for name, _ in told("letter:written")} == {"Lê Giám Đốc", "Phạm Phó"}
    assert {name for name, _ in told("letter:approved")} == {"Nguyễn Chuyên Viên"}


# Two at once


def test_two_send_one_letter_and_it_is_sent_once(app):
    with app.app_context():
        province = Province()
        case = an_inquiry(province, status=Status.ANSWERED, outlet=an_outlet(kind=OutletKind.ONLINE))
        letter = a_letter(province, case, an_article(province, case), until="approved")
        ids = case.id, letter.id, province.drafter.id, case.version
        db.session.commit()
    ready, results = Barrier(2), []

    def send(number):
        with app.app_context():
            case_id, letter_id, person_id, seen = ids
            ready.wait(60)
            try:
                actor = db.session.get_one(Person, person_id)
                inquiry = get_visible(case_id, actor, to_change=True)
                found = db.session.get_one(PressLetter, letter_id)
                facts = {**SEND, "number": number}
                letters.send_letter(inquiry, found, **facts, actor=actor, now=NOW, seen=seen)
                db.session.commit()
                results.append(number)
            except (ChangedMeanwhile, StepNotAllowed, sa.exc.OperationalError, sa.orm.exc.StaleDataError) as fault:
                db.session.rollback()
                results.append(type(fault).__name__)

    threads = [Thread(target=send, args=(number,)) for number in ("1/SXD", "2/SXD")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with app.app_context():
        sent = db.session.get_one(PressLetter, ids[1])
        assert sorted(results, key=len) == [sent.number, "ChangedMeanwhile"]
        events = db.session.scalars(sa.select(HistoryEntry.event).where(HistoryEntry.inquiry_id == ids[0])).all()
        assert events.count(InquiryEvent.LETTER_SEND) == 1
        assert db.session.get_one(Inquiry, ids[0]).version == ids[3] + 1
        assert db.session.scalar(sa.select(sa.func.count(Article.id))) == 1


# The form of an answer on the press


def test_an_answer_on_the_press_is_released_in_writing_with_what_it_states(province):
    case = an_inquiry(province, status=Status.APPROVED, kind=Kind.ANSWER_ON_PRESS)
    told = {"at": NOW, "speaker": province.head, "evidence": "x", "actor": province.drafter, "now": NOW}
    for form, stated, field in (
        (AnswerForm.INTERVIEW, (Stated.RESULT,), "answer_form"),
        (AnswerForm.WRITTEN, (), "stated"),
    ):
        with pytest.raises(BadInput) as refused:
            sealing.release(case, form, stated=stated, **told)
        assert refused.value.field == field
    sealing.release(case, AnswerForm.WRITTEN, stated=(Stated.RESULT, Stated.MEASURES), **told)
    assert case.answer_states == ["measures", "result"]


def test_of_a_forwarded_opinion_only_a_written_notice_is_released(province):
    case = an_inquiry(province, status=Status.APPROVED, kind=Kind.FORWARDED_OPINION)
    told = {"at": NOW, "speaker": province.head, "evidence": "x", "actor": province.drafter, "now": NOW}
    with pytest.raises(BadInput):
        sealing.release(case, AnswerForm.BRIEFING, **told)
    sealing.release(case, AnswerForm.WRITTEN, **told)
    assert case.answer_states is None


def test_the_digest_has_letters_to_approve_and_terms_that_ended(province, answered):
    outlet = an_outlet(kind=OutletKind.PRINT)
    late = an_article(province, answered, outlet=outlet)
    a_letter(province, answered, late, pace=OutletPace.DAILY, until="received")
    a_letter(province, answered, an_article(province, answered, url=LINK + "2"))
    people = things_of_today(at(25, hour=8), jobs.things_of_today)
    assert [thing["subject"] for thing in people[province.drafter.id][DigestPart.LATE]] == [
        f"{outlet.name}, {answered.subject}"
    ]
    for leader in (province.head, province.deputy):
        (thing,) = people[leader.id][DigestPart.WAITING]
        assert thing["path"].startswith(f"/inquiries/{answered.id}/letters/")


def test_a_relayed_answer_shows_who_approved_it_then_and_by_which_paper(province):
    case = an_inquiry(province, status=Status.IN_REVIEW, kind=Kind.ANSWER_ON_PRESS)
    officer = a_person("Hồ Ủy Quyền", agency=province.department, title="Chánh văn phòng")
    an_authorisation(case, officer, by=province.head)
    sealing.approve(case, actor=officer, now=NOW)
    told = {"at": NOW, "speaker": province.head, "evidence": "Công văn số 12/SXD-VP", "stated": (Stated.RESULT,)}
    sealing.release(case, AnswerForm.WRITTEN, **told, actor=province.drafter, now=NOW)
    officer.title = "Giám đốc trung tâm"
    receipt = Receipt(NOW, OutletPace.DAILY)
    facts = {"number": "12/SXD-VP", "dated_on": office_day(NOW), "receipt": receipt}
    letter = letters.relay_answer(case, **facts, actor=province.drafter, now=NOW)
    assert letter.approved_title == "Chánh văn phòng"
    assert letter.authority["giver"] == "Lê Giám Đốc"


def test_words_of_a_letter_stay_their_authors_when_a_colleague_saves_them_again(province, answered):
    letter = letters.draft_letter(
        answered, LetterKind.ANSWER_US, words(LetterKind.ANSWER_US), actor=province.deputy, now=NOW
    )
    again = replace(words(LetterKind.ANSWER_US), subject="V/v việc khác")
    letters.revise_letter(answered, letter, again, actor=province.drafter, now=NOW)
    with pytest.raises(NotAllowed):
        letters.approve_letter(answered, letter, letter.digest, actor=province.deputy, now=NOW)
    letters.approve_letter(answered, letter, letter.digest, actor=province.head, now=NOW)
    assert letter.approved_by is province.head

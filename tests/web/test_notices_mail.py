"""Mail of notices: in the reader's language, tried again after trouble, marked only when the server has it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from pr_tracker.cli import notices as command
from pr_tracker.db import db
from pr_tracker.notices import jobs, queries
from pr_tracker.notices.models import Notice, NoticeChoices, SenderPulse
from pr_tracker.notices.rules import RETRY_AFTER_MINUTES, MailState, NoticeKind
from tests.factories.accounts import NOW, a_person
from tests.factories.notices import DATA, told
from tests.letterbox import Letterbox, free_port

MINUTE = timedelta(minutes=1)


@pytest.fixture
def letterbox(app, monkeypatch):
    with Letterbox() as letterbox:
        monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
        monkeypatch.setitem(app.config, "MAIL_PORT", letterbox.port)
        yield letterbox


@pytest.fixture
def tell(session):
    """tell(person, …): one committed notice, its id."""

    def tell(*people, **facts):
        notices = told(*people, **facts)
        session.commit()
        return notices[0].id

    return tell


def state_of(notice_id):
    db.session.expire_all()
    notice = db.session.get(Notice, notice_id)
    return notice.mail_state, notice.mail_next_at, notice.mail_attempts


@pytest.mark.usefixtures("session")
def test_a_mail_says_what_is_due_in_text_and_html_and_links_to_the_case(app, letterbox, tell, monkeypatch):
    monkeypatch.setitem(app.config, "PR_TRACKER_PUBLIC_URL", "https://press.example.gov.vn")
    notice_id = tell(a_person("Trần Thị Đọc", email="doc@angiang.example"))
    assert jobs.deliver(NOW) == 1
    letter = letterbox.letters[0]
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert letter["Subject"] == "Còn 1 ngày làm việc: ĐN-2026-0412, Kè biển Rạch Giá"
    assert "doc@angiang.example" in str(letter["To"])
    assert (letter["Auto-Submitted"], letter["From"].addresses[0].username) == ("auto-generated", "ban-bao-chi")
    for words in (
        "Kính gửi Trần Thị Đọc",
        "Hạn: hết thứ Hai 30/11/2026.",
        "https://press.example.gov.vn/inquiries/412",
    ):
        assert words in text
        assert words in html
    assert state_of(notice_id) == (MailState.SENT, None, 1)
    assert jobs.deliver(NOW + MINUTE) == 0


def test_each_reader_gets_it_in_their_own_language(letterbox, tell, session):
    reader = a_person()
    reader.language = "en"
    session.flush()
    tell(reader, a_person())
    jobs.deliver(NOW)
    subjects = {letter["Subject"].split(":")[0] for letter in letterbox.letters}
    assert subjects == {"1 working day left", "Còn 1 ngày làm việc"}


def test_a_digest_lists_each_thing_with_its_link(letterbox, tell):
    thing = {"code": "ĐN-2026-0001", "subject": "Cầu <Vàm> Cống", "due_on": "2026-11-23", "path": "/inquiries/1"}
    data = {"parts": {"late": [thing], "soon": [{"subject": "Báo cáo năm", "path": "/duties/2"}]}}
    tell(kind=NoticeKind.DIGEST, data=data, path="/inquiries")
    jobs.deliver(NOW)
    text, html = (letterbox.letters[0].get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert letterbox.letters[0]["Subject"] == "Tổng hợp đầu ngày"
    assert "Quá hạn (1)\n- ĐN-2026-0001, Cầu <Vàm> Cống, hết thứ Hai 23/11/2026\n  http" in text
    assert "Sắp đến hạn (1)\n- Báo cáo năm\n" in text
    assert "/duties/2" in text
    assert "Cầu &lt;Vàm&gt; Cống" in html


def test_who_reads_for_somebody_away_is_told_so(letterbox, tell, session):
    absent, substitute = a_person("Lê Văn Vắng"), a_person()
    notice_id = tell(substitute)
    session.get(Notice, notice_id).instead_of_id = absent.id
    session.commit()
    jobs.deliver(NOW)
    assert "thay Lê Văn Vắng" in letterbox.letters[0].get_body(("plain",)).get_content()


def test_without_a_mail_server_mail_is_off_and_the_words_stand_in_the_log(app, tell, caplog, monkeypatch):
    notice_id = tell()
    monkeypatch.setattr(app.logger, "level", 20)
    with caplog.at_level("INFO"):
        assert jobs.deliver(NOW) == 0
    assert state_of(notice_id) == (MailState.OFF, None, 0)
    assert "Kè biển Rạch Giá" in caplog.text


def test_mail_waits_until_its_time(letterbox, tell):
    notice_id = tell(mail_after=NOW + MINUTE)
    assert jobs.deliver(NOW) == 0
    assert jobs.deliver(NOW + MINUTE) == 1
    assert state_of(notice_id)[0] is MailState.SENT


def test_who_switched_reminders_off_gets_none_by_mail_but_escalations(letterbox, tell, session):
    person = a_person()
    session.flush()
    session.add(NoticeChoices(person_id=person.id, reminders_by_mail=False, digest=False))
    reminder, digest = tell(person), tell(person, kind=NoticeKind.DIGEST, data={"parts": {}})
    late = tell(person, kind=NoticeKind.LATE_1)
    assert jobs.deliver(NOW) == 1
    assert [state_of(one)[0] for one in (reminder, digest, late)] == [MailState.OFF, MailState.OFF, MailState.SENT]


def test_nobody_who_left_gets_mail(letterbox, tell, session):
    person = a_person()
    notice_id = tell(person)
    person.active = False
    session.commit()
    jobs.deliver(NOW)
    assert state_of(notice_id)[0] is MailState.OFF
    assert letterbox.letters == []


def test_what_the_server_cannot_take_now_is_tried_again_after_growing_pauses_and_then_given_up(letterbox, tell):
    notice_id, now = tell(), NOW
    letterbox.answer_to = lambda _: "451 later"
    for attempt, minutes in enumerate(RETRY_AFTER_MINUTES, 1):
        jobs.deliver(now)
        state, next_at, attempts = state_of(notice_id)
        assert (state, attempts) == (MailState.WAITING, attempt)
        assert timedelta(0) <= next_at - now - minutes * MINUTE < MINUTE
        assert jobs.deliver(next_at - MINUTE) == 0
        now = next_at
    jobs.deliver(now)
    assert state_of(notice_id) == (MailState.FAILED, None, len(RETRY_AFTER_MINUTES) + 1)
    assert "later" in db.session.get(Notice, notice_id).mail_error


def test_an_address_that_the_server_refuses_fails_at_once_and_holds_up_nobody(letterbox, tell):
    wrong, right = tell(a_person(email="nham@angiang.example")), tell()
    letterbox.answer_to = lambda address: "550 nobody here" if address.startswith("nham") else None
    assert jobs.deliver(NOW) == 1
    assert state_of(wrong) == (MailState.FAILED, None, 1)
    assert state_of(right)[0] is MailState.SENT


def test_while_the_server_is_down_everything_waits_and_no_attempt_counts(app, tell, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", free_port())
    one, other = tell(), tell()
    assert jobs.deliver(NOW) == 0
    assert state_of(one)[0] is MailState.WAITING
    assert [state_of(one)[2], state_of(other)[2]] == [0, 0]
    assert NOW < state_of(one)[1] < NOW + 2 * MINUTE


def test_a_notice_that_cannot_be_written_holds_up_nobody(letterbox, tell):
    broken, right = tell(data={**DATA, "due_on": "khi nào xong"}), tell()
    assert jobs.deliver(NOW) == 1
    assert state_of(broken)[0] is MailState.WAITING
    assert state_of(right)[0] is MailState.SENT


def test_a_sender_whose_lease_ran_out_writes_nothing_over_the_other(letterbox, tell):
    notice_id = tell()
    engine = db.engine
    letterbox.after = lambda _: _another_sender_takes(engine, notice_id)
    jobs.deliver(NOW)
    assert state_of(notice_id)[0] is MailState.SENDING
    assert queries.claimed_mail(notice_id, "the other") is not None


def _another_sender_takes(engine, notice_id):
    with engine.begin() as connection:
        connection.execute(sa.update(Notice).where(Notice.id == notice_id).values(mail_claim="the other"))


def test_what_the_server_took_is_noted_even_when_the_database_is_busy_for_a_moment(letterbox, tell, monkeypatch):
    notice_id, asked, find = tell(), [], queries.claimed_mail

    def busy_at_first(*arguments):
        asked.append(arguments)
        if len(asked) < 3:
            raise OperationalError("SELECT", {}, Exception("database is locked"))
        return find(*arguments)

    monkeypatch.setattr(queries, "claimed_mail", busy_at_first)
    monkeypatch.setattr(jobs, "sleep", lambda seconds: None)
    assert jobs.deliver(NOW) == 1
    assert state_of(notice_id)[0] is MailState.SENT
    assert len(letterbox.letters) == 1


def test_urgent_mail_goes_first(letterbox, tell):
    tell(a_person(email="sau@angiang.example"))
    tell(a_person(email="truoc@angiang.example"), urgent=True)
    jobs.deliver(NOW)
    assert ["truoc" in str(letter["To"]) for letter in letterbox.letters] == [True, False]


def test_a_pass_counts_what_it_did_and_leaves_its_pulse(app, letterbox, tell):
    tell()
    outcome = app.test_cli_runner().invoke(args=["notices", "send"])
    assert (outcome.exit_code, "notices.deliver 1" in outcome.stdout) == (0, True)
    assert db.session.get(SenderPulse, 1).fault == ""


def test_a_job_that_fails_is_named_and_the_others_run(app, letterbox, tell, monkeypatch):
    tell()

    def remind(now):
        raise LookupError(now)

    remind.__module__ = "pr_tracker.inquiries.jobs"
    monkeypatch.setattr(command, "PASSES", (remind, jobs.deliver))
    outcome = app.test_cli_runner().invoke(args=["notices", "send"])
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.strip().splitlines()[-1] == "These jobs failed, the log says why: inquiries.remind."
    assert len(letterbox.letters) == 1
    assert db.session.get(SenderPulse, 1).fault == "inquiries.remind"


def test_health_tells_when_the_sender_is_silent_and_when_mail_stays_behind(session, tell, letterbox):
    assert not queries.health(NOW).is_running
    db.session.add(SenderPulse(id=1, last_pass_at=NOW))
    late = tell()
    assert queries.health(NOW + 9 * MINUTE).is_well
    assert queries.health(NOW + 12 * MINUTE).minutes_silent == 12
    assert queries.health(NOW + 12 * MINUTE).overdue == 1
    letterbox.answer_to = lambda _: "550 nobody here"
    jobs.deliver(NOW)
    assert state_of(late)[0] is MailState.FAILED
    assert queries.health(NOW).failed == 1


def test_a_sender_address_that_the_server_refuses_is_no_fault_of_the_mail(letterbox, tell):
    notice_id = tell(a_person())
    letterbox.answer_to_sender = "550 sender rejected"
    assert jobs.deliver(NOW) == 0
    state, _next_at, attempts = state_of(notice_id)
    assert (state, attempts) == (MailState.WAITING, 0)
    letterbox.answer_to_sender = "552 too large"
    assert jobs.deliver(NOW + 2 * MINUTE) == 0
    assert state_of(notice_id) == (MailState.FAILED, None, 1)


def test_a_line_break_in_a_name_makes_no_header(letterbox, tell):
    tell(a_person("Trần Thị\r\nBcc: ke-khac@example.vn"))
    assert jobs.deliver(NOW) == 1
    assert letterbox.letters[0]["Bcc"] is None

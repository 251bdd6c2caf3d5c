"""When a mail is tried again, who wants what, how the sender does, and what opens a calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.notices.rules import (
    LATE_AFTER,
    RETRY_AFTER_MINUTES,
    Choices,
    NoticeKind,
    SenderHealth,
    feed_token,
    next_attempt_at,
    nonce_in,
)

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SECRET = "a-secret-for-tests-only-0123456789abcdef"
NONCES = st.text("0123456789abcdef", min_size=32, max_size=32)


def test_each_pause_before_a_new_attempt_is_longer_and_the_last_attempt_is_the_last():
    tried = [next_attempt_at(attempts, NOW) for attempts in range(1, len(RETRY_AFTER_MINUTES) + 1)]
    pauses = [moment - NOW for moment in tried]
    assert pauses == sorted(set(pauses))
    assert timedelta(hours=20) < sum(pauses, timedelta()) < timedelta(hours=30)
    assert next_attempt_at(len(RETRY_AFTER_MINUTES) + 1, NOW) is None


@pytest.mark.parametrize("kind", NoticeKind)
def test_only_reminders_and_the_digest_can_be_switched_off_by_mail(kind):
    quiet = Choices(reminders_by_mail=False, digest=False)
    switched_off = kind in (NoticeKind.BEFORE, NoticeKind.LAST_DAY, NoticeKind.PRESS_SOON, NoticeKind.DIGEST)
    assert quiet.wants_mail(kind) is not switched_off
    assert Choices().wants_mail(kind)


def test_reminders_and_the_digest_are_switched_off_apart():
    assert Choices(reminders_by_mail=False).wants_mail(NoticeKind.DIGEST)
    assert Choices(digest=False).wants_mail(NoticeKind.BEFORE)


def test_the_levels_of_an_escalation_are_one_to_three():
    assert {kind: kind.level for kind in NoticeKind if kind.level} == {
        NoticeKind.LATE_1: 1,
        NoticeKind.LATE_2: 2,
        NoticeKind.LATE_3: 3,
    }


@given(NONCES)
def test_a_calendar_token_opens_with_the_secret_that_made_it_and_with_no_other(nonce):
    token = feed_token(SECRET, nonce)
    assert nonce_in(SECRET, token) == nonce
    assert nonce_in(SECRET + "x", token) is None


@given(NONCES, st.integers(0, 63), st.sampled_from("0123456789abcdefế"))
def test_a_calendar_token_with_one_letter_changed_opens_nothing(nonce, place, letter):
    token = feed_token(SECRET, nonce)
    changed = token[:place] + letter + token[place + 1 :]
    assert changed == token or nonce_in(SECRET, changed) is None


@given(st.text())
def test_no_text_from_outside_opens_a_calendar(text):
    assert nonce_in(SECRET, text) is None


def test_the_sender_is_well_while_it_runs_and_nothing_stays_behind():
    minutes = int(LATE_AFTER.total_seconds() // 60)
    assert SenderHealth(minutes, "", 0, 0).is_well
    for ill in (
        SenderHealth(None, "", 0, 0),
        SenderHealth(minutes + 1, "", 0, 0),
        SenderHealth(0, "inquiries.remind", 0, 0),
        SenderHealth(0, "", 1, 0),
        SenderHealth(0, "", 0, 1),
    ):
        assert not ill.is_well

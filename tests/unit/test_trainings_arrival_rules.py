"""Codes on the projector: good for their moment and their session only; when one may check in, and as what."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pr_tracker.codes import CODE_LETTERS
from pr_tracker.trainings.rules_arrival import (
    GRACE,
    OPENS_BEFORE,
    SENTENCES,
    WINDOW_SECONDS,
    CheckInRefused,
    Hours,
    Refusal,
    in_groups,
    letters_of,
    mark_on_arrival,
    require_open,
    screen_code,
    session_scanned,
    session_typed,
    window_of,
    window_start,
)
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_roster import CODE_LENGTH

KEY = b"a key of the server"
START = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # 08:00 on a Wednesday
HOURS = Hours(START, START + timedelta(hours=3))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
sessions = st.integers(1, 2**31 - 1).filter(lambda one: one < 10**9)
seconds = st.floats(0, 10**6, allow_nan=False)


def reason(call, *args):
    with pytest.raises(CheckInRefused) as refused:
        call(*args)
    return refused.value.reason


@given(sessions, moments, st.floats(0, WINDOW_SECONDS - 0.001))
def test_a_code_is_good_for_at_least_twenty_seconds_after_it_appeared(session_id, now, passed):
    code = screen_code(KEY, session_id, window_of(now))
    assert session_scanned(KEY, code.scanned, now + timedelta(seconds=passed)) == session_id
    assert session_typed(KEY, code.typed, [session_id], now + timedelta(seconds=passed)) == session_id


@given(sessions, moments, st.floats(2 * WINDOW_SECONDS, 10**7))
def test_a_code_is_expired_forty_seconds_after_it_appeared_and_for_ever(session_id, now, passed):
    code = screen_code(KEY, session_id, window_of(now))
    assert reason(session_scanned, KEY, code.scanned, now + timedelta(seconds=passed)) is Refusal.EXPIRED


@given(sessions, moments, st.integers(1, 1000))
def test_a_code_is_not_good_before_its_time(session_id, now, ahead):
    code = screen_code(KEY, session_id, window_of(now) + ahead)
    assert reason(session_scanned, KEY, code.scanned, now) is Refusal.FOREIGN


@given(sessions, sessions, moments)
def test_the_code_of_one_session_opens_no_other(one, other, now):
    assume(one != other)
    code = screen_code(KEY, one, window_of(now))
    _, window, seal = code.scanned.split("-")
    assert reason(session_scanned, KEY, f"{other}-{window}-{seal}", now) is Refusal.FOREIGN
    assert reason(session_typed, KEY, code.typed, [other], now) is Refusal.FOREIGN


@given(sessions, moments)
def test_a_code_of_another_server_is_foreign(session_id, now):
    code = screen_code(b"another key", session_id, window_of(now))
    assert reason(session_scanned, KEY, code.scanned, now) is Refusal.FOREIGN


@given(sessions, moments, st.data())
def test_a_code_with_one_letter_altered_is_foreign(session_id, now, data):
    scanned = screen_code(KEY, session_id, window_of(now)).scanned
    place = data.draw(st.integers(0, len(scanned) - 1))
    letter = data.draw(st.characters())
    assume(scanned[place] != letter)
    altered = scanned[:place] + letter + scanned[place + 1 :]
    assert reason(session_scanned, KEY, altered, now) in (Refusal.FOREIGN, Refusal.EXPIRED)
    assume(place > scanned.index("-"))
    with pytest.raises(CheckInRefused):
        session_scanned(KEY, altered, now)


@given(st.text(), moments)
def test_garbage_is_foreign(typed, now):
    assert reason(session_scanned, KEY, typed, now) is Refusal.FOREIGN
    assert reason(session_typed, KEY, typed, [1, 2], now) is Refusal.FOREIGN


@given(moments, st.integers(2, 80))
def test_six_letters_of_the_last_minutes_are_called_expired_not_foreign(now, windows):
    old = screen_code(KEY, 7, window_of(now) - windows)
    assert reason(session_typed, KEY, old.typed, [3, 7], now) is Refusal.EXPIRED


@given(moments, st.integers(1, 10**6))
def test_a_code_changes_every_twenty_seconds(now, session_id):
    window = window_of(now)
    assert window_start(window) <= now < window_start(window + 1)
    assert window_start(window + 1) - window_start(window) == timedelta(seconds=20)
    assert screen_code(KEY, session_id, window).scanned != screen_code(KEY, session_id, window + 1).scanned


@given(moments, sessions)
def test_codes_have_only_letters_that_no_keyboard_turns_into_others(now, session_id):
    typed = screen_code(KEY, session_id, window_of(now)).typed
    assert len(typed) == CODE_LENGTH
    assert set(typed) <= set(CODE_LETTERS)
    assert letters_of(f" {in_groups(typed).lower()} ") == typed


def test_no_letter_of_a_code_is_changed_by_a_vietnamese_keyboard():
    assert not set(CODE_LETTERS) & set("AEIOUYDW"), "Telex: aa is â, dd is đ, w is ư; VNI: a6 is â, d9 is đ"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START - OPENS_BEFORE - timedelta(seconds=1), Refusal.NOT_OPEN),
        (START + timedelta(hours=3, seconds=1), Refusal.OVER),
    ],
)
def test_one_checks_in_from_an_hour_before_the_session_to_its_end(now, expected):
    assert reason(require_open, HOURS, now) is expected
    for open_at in (START - OPENS_BEFORE, START, START + timedelta(hours=3)):
        require_open(HOURS, open_at)


def test_nobody_checks_in_to_a_session_that_is_closed_or_cancelled():
    assert reason(require_open, Hours(START, HOURS.ends_at, is_closed=True), START) is Refusal.CLOSED
    assert reason(require_open, Hours(START, HOURS.ends_at, True, True), START) is Refusal.CANCELLED


@given(st.integers(-3600, 3 * 3600))
def test_whoever_comes_after_the_grace_is_late(second):
    mark = mark_on_arrival(START, START + timedelta(seconds=second))
    assert mark is (Mark.PRESENT if timedelta(seconds=second) <= GRACE else Mark.LATE)


def test_every_refusal_says_why_and_what_to_do():
    assert set(SENTENCES) == set(Refusal)
    assert all(why and what for why, what in SENTENCES.values())

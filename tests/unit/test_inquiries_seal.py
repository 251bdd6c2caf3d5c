"""What a seal covers, and which approvals a text needs."""

import hashlib
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.errors import BadInput
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_seal import (
    FileMark,
    ReviewStep,
    Seal,
    next_step,
    require_read,
    require_sealed,
    seal_of,
    steps_required,
)

AGENCY, PROVINCE = ReviewStep.AGENCY, ReviewStep.PROVINCE
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
marks = st.builds(FileMark, st.text(min_size=1, max_size=20), digests)
sealed = st.tuples(st.text(max_size=60), st.lists(marks, max_size=3), st.none() | st.sampled_from(RefusalGround))


def test_anybody_can_check_the_seal_of_a_text_alone():
    text = "Sở đã kiểm tra hiện trường."
    assert seal_of(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()


@given(sealed, sealed)
def test_two_things_have_the_same_seal_only_when_they_are_the_same(one, other):
    same = (one[0], sorted(one[1]), one[2]) == (other[0], sorted(other[1]), other[2])
    assert (seal_of(*one) == seal_of(*other)) is same


@given(st.text(max_size=60), st.lists(marks, max_size=4), st.randoms())
def test_the_order_of_the_files_does_not_matter(text, files, random):
    shuffled = list(files)
    random.shuffle(shuffled)
    assert seal_of(text, files) == seal_of(text, shuffled)


@given(st.text(max_size=60), marks, st.sampled_from(RefusalGround))
def test_a_file_more_another_content_another_name_or_a_ground_is_another_seal(text, mark, ground):
    seals = {
        seal_of(text),
        seal_of(text, [mark]),
        seal_of(text, [FileMark(mark.name + "x", mark.digest)]),
        seal_of(text, [FileMark(mark.name, mark.digest[::-1] + "0")]),
        seal_of(text, [mark, mark]),
        seal_of(text, [mark], ground),
        seal_of(text, (), ground),
        seal_of(text + " "),
    }
    assert len(seals) == 8


@pytest.mark.parametrize(("sensitive", "incident", "rule", "led"), product([False, True], repeat=4))
def test_a_second_step_for_the_sensitive_for_incidents_and_by_rule_but_the_province_approves_its_own_once(
    sensitive, incident, rule, led
):
    steps = steps_required(sensitive=sensitive, incident=incident, agency_rule=rule, led_by_province=led)
    assert steps == ((AGENCY, PROVINCE) if (sensitive or incident or rule) and not led else (AGENCY,))


def test_the_first_missing_step_is_asked_for():
    both = (AGENCY, PROVINCE)
    assert next_step(both, set()) is AGENCY
    assert next_step(both, {AGENCY}) is PROVINCE
    assert next_step(both, {AGENCY, PROVINCE}) is None
    assert next_step((AGENCY,), {AGENCY}) is None


def test_only_what_was_read_may_be_approved_or_released():
    require_read("a", "a")
    require_read(None, "a")
    for seen in ("", "b"):
        with pytest.raises(BadInput):
            require_read(seen, "a")


def test_every_required_approval_must_be_of_this_very_seal():
    require_sealed("a", (AGENCY,), {Seal(AGENCY, "a")})
    require_sealed("a", (AGENCY, PROVINCE), {Seal(AGENCY, "a"), Seal(PROVINCE, "a")})
    for required, given_ in (
        ((AGENCY,), set()),
        ((AGENCY, PROVINCE), {Seal(AGENCY, "a")}),
        ((AGENCY, PROVINCE), {Seal(AGENCY, "a"), Seal(PROVINCE, "b")}),
        ((AGENCY,), {Seal(AGENCY, "b")}),
    ):
        with pytest.raises(BadInput):
            require_sealed("a", required, given_)

"""Nobody can make up a code, and a change of one letter makes it none."""

from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.codes import CODE_LETTERS, LENGTH, digest_of, is_ours, new_code, read_code, show_code

KEY = "a-key-for-tests-only-0123456789abcdef"
CODE = new_code(KEY, "certificate")


def test_a_code_of_ours_is_known_and_shown_in_groups():
    assert is_ours(CODE, KEY, "certificate")
    assert len(CODE) == LENGTH
    assert read_code(show_code(CODE)) == CODE
    assert read_code(f" {show_code(CODE).lower()} ".replace("-", " ")) == CODE


def test_no_two_codes_are_alike():
    assert len({new_code(KEY, "certificate") for _ in range(500)}) == 500


@given(st.integers(0, LENGTH - 1), st.sampled_from(CODE_LETTERS))
def test_a_code_of_which_one_letter_was_changed_is_not_ours(at, letter):
    altered = CODE[:at] + letter + CODE[at + 1 :]
    assert is_ours(altered, KEY, "certificate") == (altered == CODE)


@given(st.text(CODE_LETTERS, min_size=LENGTH, max_size=LENGTH))
def test_a_code_that_was_made_up_is_not_ours(made_up):
    assert not is_ours(made_up, KEY, "certificate")


@given(st.text(max_size=40))
def test_anything_may_be_typed(typed):
    assert not is_ours(read_code(typed), KEY, "certificate")


def test_a_code_made_with_another_key_is_not_ours():
    assert not is_ours(new_code("another key", "certificate"), KEY, "certificate")


def test_the_digest_changes_with_every_word_of_the_paper_and_with_the_code():
    paper = {"person": "Nguyễn Văn An", "number": "0001/2026"}
    digests = {
        digest_of(CODE, paper),
        digest_of(CODE, paper | {"person": "Nguyễn Văn Ân"}),
        digest_of(CODE, paper | {"number": "0002/2026"}),
        digest_of(new_code(KEY, "certificate"), paper),
    }
    assert len(digests) == 4

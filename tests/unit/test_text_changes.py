"""The difference of two versions, bounded: no text makes the comparison take seconds."""

from pr_tracker.text import Change, word_changes


def test_two_very_long_paragraphs_are_shown_whole_instead_of_compared_word_by_word():
    old, new = "một hai " * 3000, "hai một " * 3000
    assert word_changes(old, new) == [Change("gone", old), Change("new", new)]

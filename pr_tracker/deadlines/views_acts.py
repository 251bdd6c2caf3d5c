"""What the views of deadlines share: who keeps clocks that run, and the list of those a change would move."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Flask, current_app

from pr_tracker.deadlines.labels import due_words
from pr_tracker.deadlines.rules_rerun import ClockHolder, Move, digest_of, due_moves


def install(app: Flask, holders: Sequence[ClockHolder]) -> None:
    """Make known whose clocks a change counts again; factory.py has the list."""
    app.extensions["clock_holders"] = tuple(holders)


def holders() -> Sequence[ClockHolder]:
    """Everything that keeps clocks which run."""
    found: Sequence[ClockHolder] = current_app.extensions["clock_holders"]
    return found


class MoveShown(NamedTuple):
    """One clock whose due time moves, in words; no subject, for administrators do not read inquiries."""

    code: str
    agency: str
    old: str
    new: str
    later: bool


class MovesShown(NamedTuple):
    """The list to look at before confirming, and its digest for the form."""

    rows: list[MoveShown]
    digest: str


def moves_shown(moves: Sequence[Move]) -> MovesShown:
    """What moves, as the preview shows it."""
    rows = [
        MoveShown(
            move.clock.code,
            move.clock.agency,
            due_words(move.clock.deadline),
            due_words(move.new),
            str(move.new.ends_at) > str(move.clock.deadline.ends_at),
        )
        for move in due_moves(moves)
    ]
    return MovesShown(rows, digest_of(moves))

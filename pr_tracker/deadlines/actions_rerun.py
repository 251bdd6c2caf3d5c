"""Carry a change of calendar or rules out on every open clock, in one transaction with the change itself."""

from collections.abc import Sequence
from datetime import datetime

from pr_tracker.audit.actions import Actor, take_turn
from pr_tracker.deadlines.rules_rerun import ClockHolder, Guard, Move, OpenClock, Recount, changed, digest_of
from pr_tracker.errors import N_, ChangedMeanwhile

Holders = Sequence[ClockHolder]


def preview(holders: Holders, recount: Recount) -> list[Move]:
    """What a change would move, without changing anything."""
    return changed(_open_clocks(holders), recount)


def hold(holders: Holders) -> list[OpenClock]:
    """Every open clock, kept as it is until the transaction ends: nobody logs, assigns or finishes meanwhile.

    The order of locks is the house's: the cases by id, then the turn at the audit log. Raises ChangedMeanwhile when a
    new clock started between the two.
    """
    held: set[Guard] = set()
    for holder in holders:
        held |= holder.lock()
    take_turn()
    clocks = _open_clocks(holders)
    if any(clock.guard not in held for clock in clocks):
        raise ChangedMeanwhile(N_("A new inquiry was logged at the same moment. Look at the list again and confirm."))
    return clocks


def require_seen(moves: Sequence[Move], seen: str) -> None:
    """Raises ChangedMeanwhile unless these are the moves that were shown (`seen` is their digest)."""
    if digest_of(moves) != seen:
        raise ChangedMeanwhile(
            N_("The list of deadlines that move has changed since it was shown. Look at it again and confirm.")
        )


def carry_out(holders: Holders, moves: Sequence[Move], *, why: str, actor: Actor | None, now: datetime) -> None:
    """Store the moved deadlines: each holder takes its own."""
    for holder in holders:
        holder.move(moves, why=why, actor=actor, now=now)


def plan_anew(holders: Holders, now: datetime) -> None:
    """Reminders lie on working days: after a change of the calendar those of every open clock are planned again."""
    for holder in holders:
        holder.plan_anew(now)


def _open_clocks(holders: Holders) -> list[OpenClock]:
    return [clock for holder in holders for clock in holder.open_clocks()]

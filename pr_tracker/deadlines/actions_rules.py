"""Supersede a version of a clock or withdraw one that has not begun: looked at first, then saved with what it moves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pr_tracker.audit.actions import Actor, record
from pr_tracker.db import db
from pr_tracker.deadlines import actions_rerun, queries
from pr_tracker.deadlines.actions_rerun import Holders
from pr_tracker.deadlines.models import ClockVersionRow
from pr_tracker.deadlines.rules import ClockKey, Deadline, DeadlineEvent, RuleBook, under
from pr_tracker.deadlines.rules_book import NewVersion
from pr_tracker.deadlines.rules_rerun import Move, OpenClock, Recount, changed, digest_of
from pr_tracker.deadlines.rules_steps import to_json
from pr_tracker.errors import N_, ChangedMeanwhile
from pr_tracker.office_time import office_day


def look_at(new: NewVersion, *, holders: Holders) -> tuple[list[Move], str]:
    """Which open clocks a new version would touch, and the digest of what is shown. Raises BadInput."""
    book = queries.rule_book()
    moves = actions_rerun.preview(holders, _recount_by(book.supersede(new), new.key))
    return moves, _digest(book, new.key, moves)


def supersede(
    new: NewVersion, *, note: str, holders: Holders, seen: str, why: str, actor: Actor, now: datetime
) -> list[Move]:
    """Save a new version and count every open clock it touches again; `seen` is the digest of the list shown.

    Raises BadInput, or ChangedMeanwhile when the list or the newest version is no longer what was shown.
    """
    clocks, book = actions_rerun.hold(holders), queries.rule_book()
    moves = changed(clocks, _recount_by(book.supersede(new), new.key))
    _require_seen(book, new.key, moves, seen)
    row = ClockVersionRow(
        key=new.key,
        valid_from=new.valid_from,
        term=to_json(new.term),
        basis=to_json(new.basis),
        confidence=new.confidence,
        stop_days=new.allowance.stop_days,
        extension_days=new.allowance.extension_days,
        ladder=to_json(new.ladder) if new.ladder else None,
        note=note,
        created_at=now,
        created_by_id=actor.id,
    )
    db.session.add(row)
    record(DeadlineEvent.VERSION_ADD, row, actor=actor, now=now, version=new.code, **_said(row))
    actions_rerun.carry_out(holders, moves, why=why, actor=actor, now=now)
    return moves


def look_at_withdrawal(row: ClockVersionRow, *, holders: Holders, now: datetime) -> tuple[list[Move], str]:
    """Which open clocks would go back to the version before, and the digest. Raises BadInput for one in force."""
    book = queries.rule_book()
    moves = actions_rerun.preview(holders, _recount_by(_without(book, row, now), row.key))
    return moves, _digest(book, row.key, moves)


def withdraw(row: ClockVersionRow, *, holders: Holders, seen: str, why: str, actor: Actor, now: datetime) -> list[Move]:
    """Withdraw a version that has not begun; clocks that start in the future go back to the one before.

    Raises BadInput for a version in force, ChangedMeanwhile when somebody was faster.
    """
    clocks, book = actions_rerun.hold(holders), queries.rule_book()
    db.session.refresh(row)
    moves = changed(clocks, _recount_by(_without(book, row, now), row.key))
    _require_seen(book, row.key, moves, seen)
    row.withdrawn_at, row.withdrawn_by_id = now, actor.id
    record(DeadlineEvent.VERSION_WITHDRAW, row, actor=actor, now=now, version=row.code)
    actions_rerun.carry_out(holders, moves, why=why, actor=actor, now=now)
    return moves


def _without(book: RuleBook, row: ClockVersionRow, now: datetime) -> RuleBook:
    if row.withdrawn_at:
        raise ChangedMeanwhile(N_("Somebody else has withdrawn this version already."))
    return book.withdraw(book.version_with_code(row.code), today=office_day(now))


def _digest(book: RuleBook, key: ClockKey, moves: Sequence[Move]) -> str:
    """What somebody saw: the newest version of the clock, and the list of due times that move."""
    return f"{book.versions_of(key)[0].code} {digest_of(moves)}"


def _require_seen(book: RuleBook, key: ClockKey, moves: Sequence[Move], seen: str) -> None:
    newest, _, digest = seen.partition(" ")
    if newest != book.versions_of(key)[0].code:
        raise ChangedMeanwhile(N_("Somebody else has superseded or withdrawn a version of this clock meanwhile."))
    actions_rerun.require_seen(moves, digest)


def _recount_by(book: RuleBook, key: ClockKey) -> Recount:
    """Count a clock of this key again where the book has another version for its day than the one it was given."""
    calendar, terms = queries.working_calendar(), queries.all_terms()

    def by_book(clock: OpenClock) -> Deadline:
        deadline = clock.deadline
        if deadline.key != key:
            return deadline
        if book.version_on(key, office_day(deadline.trigger_at)).code == deadline.version:
            return deadline
        return under(book, deadline, calendar=calendar, settings=terms.get(clock.agency_id, terms[None]))

    return by_book


def _said(row: ClockVersionRow) -> dict[str, Any]:
    """What the audit log keeps of a version."""
    return {
        "term": row.term,
        "basis": row.basis,
        "confidence": row.confidence,
        "stop_days": row.stop_days,
        "extension_days": row.extension_days,
        "ladder": row.ladder,
        "note": row.note,
    }

"""flask notices send: one pass of everything that has to be told and sent by itself. The worker runs the same."""

import signal
from collections.abc import Callable
from datetime import datetime

import click
from flask import current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from pr_tracker import clock, planner
from pr_tracker.certificates import jobs as certificates
from pr_tracker.cli.saying import Group, Refused, refusing
from pr_tracker.db import db
from pr_tracker.duties import jobs as duties
from pr_tracker.imports import jobs as imports
from pr_tracker.incidents import jobs as incidents
from pr_tracker.inquiries import jobs as inquiries
from pr_tracker.inquiries import jobs_letters as letters
from pr_tracker.inquiries.actions.authorising import note_end
from pr_tracker.notices import actions
from pr_tracker.notices import jobs as outbox
from pr_tracker.papers import jobs as papers
from pr_tracker.runs import jobs as runs
from pr_tracker.spokespersons import jobs as spokespersons
from pr_tracker.statements import jobs as statements


def digest(now: datetime) -> int:
    """One digest each morning, of inquiries, duties and letters to the press."""
    return inquiries.digest(now, duties.things_of_today, letters.things_of_today)


def tell_ended(now: datetime) -> int:
    """Authorisations to speak that end, with a line in the history of each matter."""
    return spokespersons.tell_ended(now, note_end)


# Each returns how much it did, commits by itself in small transactions, and may run anywhere at the same time.
PASSES: tuple[Callable[[datetime], int], ...] = (
    outbox.name_substitutes,
    inquiries.pass_to_new_heads,
    inquiries.reopen_short_approvals,
    tell_ended,
    duties.open_periodic,
    inquiries.remind,
    letters.remind_of_press,
    duties.remind,
    statements.tell_of_ends,
    incidents.remind,
    digest,
    certificates.issue,
    runs.remove_old,
    inquiries.fold_summaries,
    papers.forget_files,
    imports.remove_old,
    outbox.deliver,
    planner.look_at_night,
)

notices = Group("notices", help="What people are told: reminders, digests, mail.")


@notices.command("send")
@refusing
def send() -> None:
    """Make what is due to be told and send the mail that waits. May run every minute, from any number of machines."""
    before = signal.signal(signal.SIGTERM, lambda *_: outbox.stopping.set())
    try:
        counts, faults = one_pass()
    finally:
        signal.signal(signal.SIGTERM, before)
    if faults:
        raise Refused(f"These jobs failed, the log says why: {', '.join(faults)}.")
    click.echo(", ".join(f"{name} {count}" for name, count in counts.items()))


def one_pass() -> tuple[dict[str, int], list[str]]:
    """Run every job: how much each did, and which failed. A fault of one does not hold up the others."""
    counts: dict[str, int] = {}
    faults: list[str] = []
    for job in PASSES:
        if outbox.stopping.is_set():
            return counts, faults
        name = f"{job.__module__.split('.')[1]}.{job.__name__}"
        try:
            counts[name] = job(clock.now())
        except (OperationalError, ProgrammingError):
            raise
        except Exception:
            db.session.rollback()
            current_app.logger.exception("the job %s failed", name)
            faults.append(name)
    actions.note_pass(", ".join(faults), clock.now())
    db.session.commit()
    counts["runs.work_off"] = runs.work_off(clock.now())  # last: it may take minutes, and nothing waits behind it
    return counts, faults

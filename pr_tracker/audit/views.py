"""The log, for reading only: who did what, when, and whether a line was touched since."""

import json
from datetime import datetime, timedelta
from itertools import islice

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker.audit import queries
from pr_tracker.audit.labels import FAULTS, doer_words, event_words, events_named, thing_words
from pr_tracker.office_time import write_moment
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.health import Health
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import day_of, id_of, text_of

blueprint = Blueprint("audit", __name__)
FAULTS_SHOWN = 100
CHECKED_HERE = 20_000  # entries in a second or less; “flask audit verify” checks them all
CLOCKS_DIFFER = timedelta(minutes=1)  # from one machine to another


@blueprint.get("/audit")
@requires(Permission.AUDIT_VIEW)
def log() -> str:
    """Newest entries first, narrowed by person, event and day."""
    wanted = _wanted()
    page = queries.entries_page(wanted, older_than=id_of("before"), newer_than=id_of("after"))
    kept = {name: value for name, value in request.args.items() if name in ("person", "event", "day") and value}
    return render_template(
        "audit/log.html",
        wanted=wanted,
        page=page,
        kept=kept,
        events=events_named(wanted.event),
        words=event_words,
        who=doer_words,
        thing=thing_words,
        stored=_stored,
        end=queries.chain_end(),
    )


def health(now: datetime) -> Health:
    """Whether the clock of the server still goes on from what was recorded."""
    last = queries.last_at()
    if last is None or last <= now + CLOCKS_DIFFER:
        return Health(True, _("The clock goes with what was recorded."))
    said = _(
        "The clock of the server was set back: the last entry of the log was written at %(at)s, which is still to "
        "come. Entries stay in the order of their numbers.",
        at=write_moment(last),
    )
    return Health(False, said)


def _wanted() -> queries.Wanted:
    return queries.Wanted(text_of("person"), text_of("event"), day_of("day"))


@list_out(blueprint, "/audit", Permission.AUDIT_VIEW, file_name="nhat-ky-he-thong")
def log_table() -> Table:
    """The entries that the filter leaves, with their digests: the chain can be checked from the file."""
    columns: list[Column] = [
        (_("Number"), lambda row: row.number),
        (_("Time"), lambda row: row.at),
        (_("Who"), lambda row: doer_words(row.actor_name, row.data)),
        (_("What happened"), lambda row: event_words(row.event)),
        (_("Code"), lambda row: row.event),
        (_("About"), lambda row: thing_words(row.subject_kind, row.subject_id)),
        (_("Stored"), _stored),
        (_("Digest"), lambda row: row.hash),
    ]
    return of_query(_("Audit log"), queries.entries_listed(_wanted()), columns)


@blueprint.get("/audit/check")
@requires(Permission.AUDIT_VIEW)
def check() -> str:
    """The chain, entry by entry: what was changed, is missing or was inserted; of a long one its newest part."""
    found = islice(queries.faults_in_chain(CHECKED_HERE), FAULTS_SHOWN)
    faults, end = [(fault.number, FAULTS[fault.kind]) for fault in found], queries.chain_end()
    entries = end.last_number if end else 0
    checked = min(entries, CHECKED_HERE)
    return render_template(
        "audit/check.html", faults=faults, entries=entries, checked=checked, end=end, most=FAULTS_SHOWN
    )


def _stored(entry: sa.Row) -> str:
    """What an entry keeps beside actor and subject, as it is stored; what a case says, only for who sees every case."""
    if entry.subject_kind == "inquiries" and not current_user.sees_all:
        return _("shown only to people who see every inquiry")
    return json.dumps(entry.data, ensure_ascii=False, indent=1) if entry.data else _("nothing")

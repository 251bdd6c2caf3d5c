"""Who of those that may handle an inquiry has no valid course: for a mild remark, never a wall."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.certificates.queries import courses_held
from pr_tracker.db import db
from pr_tracker.office_time import office_day


def untrained(person_ids: Iterable[int | None], at: datetime) -> set[int]:
    """Those of these people who hold no certificate that counts at a moment; one statement."""
    ids = sorted({person_id for person_id in person_ids if person_id is not None})
    held = courses_held(ids, at) if ids else {}
    day = office_day(at)
    return {person_id for person_id, own in held.items() if not any(one.counts_on(day) for one in own)}


def led_by_untrained(agency_ids: Iterable[int], at: datetime) -> set[int]:
    """Those of these agencies whose head holds no certificate that counts at a moment."""
    query = sa.select(Agency.id, Agency.head_id).where(Agency.id.in_(agency_ids), Agency.head_id.is_not(None))
    heads = {row.id: row.head_id for row in db.session.execute(query)}
    lacking = untrained(heads.values(), at)
    return {agency_id for agency_id, head_id in heads.items() if head_id in lacking}

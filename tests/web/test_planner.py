"""What SQLite's planner goes by is looked at once a night, and never holds up whoever writes.

Seen red: with the first pass of a night at one o'clock, with every pass a look, with a look that was taken back.
"""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from pr_tracker import planner
from pr_tracker.cli.notices import PASSES
from pr_tracker.config import engine_options
from pr_tracker.db import db
from tests.factories.inquiries import Province, an_inquiry

TUESDAY_NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 12:00 in the office
BEFORE_TWO = datetime(2026, 11, 24, 18, 59, tzinfo=UTC)  # 01:59 on Wednesday
AT_TWO = BEFORE_TWO + timedelta(minutes=1)


def known():
    """What SQLite knows of its indexes, by their names."""
    with db.engine.connect() as connection:
        if not connection.scalar(sa.text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")):
            return {}
        return dict(connection.execute(sa.text("SELECT idx, stat FROM sqlite_stat1")).all())


@pytest.mark.only_on("sqlite", why="PostgreSQL looks by itself")
def test_the_planner_is_told_once_a_night_and_the_first_time_at_once(session):
    province = Province()
    an_inquiry(province)
    session.commit()
    assert known() == {}
    looked = [planner.look_at_night(at) for at in (TUESDAY_NOON, TUESDAY_NOON, BEFORE_TWO)]
    assert looked == [1, 0, 0]
    assert known()["ix_inquiries_received"].split()[0] == "1"
    an_inquiry(province)
    session.commit()
    assert [planner.look_at_night(at) for at in (AT_TWO, AT_TWO, AT_TWO + timedelta(hours=8))] == [1, 0, 0]
    assert known()["ix_inquiries_received"].split()[0] == "2"
    assert planner.look_at_night in PASSES


def test_connections_to_sqlite_are_opened_anew_to_know_it():
    assert engine_options("sqlite:///desk.sqlite3", pgbouncer=False)["pool_recycle"] == 3600


@pytest.mark.only_on("postgresql", why="SQLite does not look by itself")
def test_the_planner_of_postgresql_is_left_alone(session):
    assert planner.look_at_night(TUESDAY_NOON) == 0

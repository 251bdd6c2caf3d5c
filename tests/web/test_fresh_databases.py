"""What the fixtures promise: a test sees nothing of the one before it, whatever that did to its PostgreSQL database."""

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from tests.factories.inquiries import Province

ALONE = pytest.mark.only_on("postgresql", why="on SQLite each test has a file of its own")
OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
SPOILING = {
    "rows": "SELECT 1",
    "ended connections": f"{OTHERS} current_database()",
    "a table too many": "CREATE TABLE left_over (id int)",
}


@ALONE
@pytest.mark.parametrize("spoiling", SPOILING.values(), ids=SPOILING)
def test_what_one_test_leaves_the_next_does_not_see(databases, spoiling):
    app = databases.application("postgresql")
    for _ in range(2):
        with databases.fresh("postgresql", app) as url, app.app_context():
            engine = sa.create_engine(url, poolclass=sa.NullPool)
            with engine.connect() as connection:
                assert not connection.scalar(sa.text("SELECT count(*) FROM people"))
                assert connection.scalar(sa.text("SELECT to_regclass('left_over')")) is None
            assert Province().clerk.id < 10, "counts from 1"
            db.session.commit()
            with engine.begin() as connection:
                connection.execute(sa.text(spoiling))

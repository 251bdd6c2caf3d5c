"""Behind PgBouncer in transaction mode: the next statement of a page may go over another connection.

Seen red: without PR_TRACKER_PGBOUNCER, with "prepared statement … already exists".
"""

import os
import shutil
import subprocess
from collections import Counter
from threading import Thread

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.factory import create_app
from pr_tracker.inquiries.models import Inquiry
from tests.checking_client import CheckingClient
from tests.conftest import must_not_skip
from tests.databases import BASE, Postgres, dispose, make_schema
from tests.factories.accounts import Somebody
from tests.factories.inquiries import Province
from tests.letterbox import free_port
from tests.many.machines import until
from tests.many.visitor import typed

CLERKS, PAGES = 4, 12
SETTINGS = """
[databases]
office = host={folder} dbname=office user=desk
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
server_reset_query =
"""


def program():
    """Where PgBouncer is; Debian keeps it where only root looks."""
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


class Clerk(CheckingClient):
    """Does not count statements: those of all clerks would be counted together."""

    def run_wsgi_app(self, environ, buffered=False):
        return FlaskClient.run_wsgi_app(self, environ, buffered)


@pytest.fixture(scope="module")
def address():
    """An empty database behind a PgBouncer with one connection for everybody."""
    if not program() and not must_not_skip():
        pytest.skip("no PgBouncer on this machine")
    server, port = Postgres.start(), free_port()
    server.run("CREATE DATABASE office TEMPLATE template0")
    settings = server.folder / "pgbouncer.ini"
    settings.write_text(SETTINGS.format(folder=server.folder, port=port))
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    bouncer = subprocess.Popen([program(), "-q", settings], stderr=subprocess.DEVNULL, **user)
    yield f"postgresql://desk@127.0.0.1:{port}/office"
    bouncer.terminate()
    bouncer.wait()
    server.stop()


@pytest.fixture(scope="module")
def office(address, tmp_path_factory):
    """The application over it."""
    uploads = str(tmp_path_factory.mktemp("uploads"))
    urls = {"PR_TRACKER_DATABASE_URL": address, "PR_TRACKER_UPLOAD_FOLDER": uploads}
    app = create_app({**BASE, **urls, "PR_TRACKER_PGBOUNCER": "yes"})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client_class = Clerk
    until(lambda: _answers(app), what="PgBouncer")
    make_schema(app)
    yield app
    dispose(app)


def _answers(app):
    with app.app_context():
        try:
            return db.session.scalar(sa.text("SELECT 1"))
        except sa.exc.OperationalError:
            db.session.rollback()
            return None


def test_pages_and_acts_of_several_clerks_at_once_share_one_connection(office):
    with office.app_context():
        clerk = Province().clerk
        db.session.commit()
        clerk = Somebody(clerk.id, clerk.email, clerk.fs_uniquifier, clerk.agency_id)
    answers = Counter()

    def work(at):
        client = office.test_client()
        client.act_as(clerk)
        for number in range(PAGES):
            answers[client.get("/queue").status_code] += 1
            answers[client.post("/inquiries/new", data=typed(subject=f"Việc {at}-{number}")).status_code] += 1

    clerks = [Thread(target=work, args=(at,)) for at in range(CLERKS)]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert answers == {200: CLERKS * PAGES, 303: CLERKS * PAGES}
    with office.app_context():
        numbers = db.session.scalars(sa.select(Inquiry.number).order_by(Inquiry.number)).all()
        assert numbers == list(range(1, CLERKS * PAGES + 1))
        assert list(faults_in_chain()) == []


def test_what_one_worker_repeats_within_an_act_does_not_stand_in_the_way_of_the_next(office):
    with office.app_context(), db.engine.connect() as first, db.engine.connect() as second:
        for connection in (first, second, first):
            for number in range(10):
                assert connection.scalar(sa.text("SELECT CAST(:number AS integer)"), {"number": number}) == number
            connection.commit()

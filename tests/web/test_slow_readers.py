"""No lock is held over a page: somebody in the middle of reading keeps nobody from writing, nor is anybody kept.

The reader stands still at a statement of the page, or with half of its file in hand, until the writer is done.
"""

import threading

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from tests.checking_client import CheckingClient
from tests.factories.accounts import Somebody
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.outlets import an_outlet
from tests.many.visitor import typed

PAGES = ("/queue", "/inquiries", "/inquiries?q=ngap", "/inquiries/1", "/reports/register", "/reports/figures")
FILES = ("/inquiries.xlsx", "/inquiries.csv", "/reports/register.pdf", "/reports/register.xlsx")


class Desk(CheckingClient):
    """Does not count statements: those of both would be counted together."""

    def run_wsgi_app(self, environ, buffered=False):
        return FlaskClient.run_wsgi_app(self, environ, buffered)


@pytest.fixture
def clerk(app):
    """A desk signed in as the clerk, for one who reads and one who writes."""
    with app.app_context():
        province = Province()
        an_outlet("Báo Tuổi Trẻ")
        an_inquiry(province)
        clerk = province.clerk
        db.session.commit()
        clerk = Somebody(clerk.id, clerk.email, clerk.fs_uniquifier, clerk.agency_id)

    def signed_in():
        desk = Desk(app, app.response_class)
        desk.act_as(clerk)
        return desk

    return signed_in


def logs_one(desk) -> None:
    """A case is logged by somebody else, in a thread and over a line of their own, while we stand still."""
    answers = []
    writer = threading.Thread(target=lambda: answers.append(desk.post("/inquiries/new", data=typed()).status_code))
    writer.start()
    writer.join(120)
    assert answers == [303]


@pytest.fixture
def in_the_middle(app):
    """in_the_middle(act): done once, where this thread has just asked for inquiries; tells whether it was."""
    here, wanted, done = threading.get_ident(), [], []

    def stand_still(_connection, _cursor, statement, *_):
        if wanted and threading.get_ident() == here and "FROM inquiries" in statement:
            done.append(wanted.pop())
            done[-1]()

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "after_cursor_execute", stand_still)
    yield lambda act: (wanted.append(act), done)[1]
    sa.event.remove(engine, "after_cursor_execute", stand_still)


def cases(app) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Inquiry.id)))


@pytest.mark.parametrize("path", PAGES + FILES)
def test_a_reader_in_the_middle_of_a_page_keeps_no_writer_waiting(app, clerk, in_the_middle, path):
    reader, writer = clerk(), clerk()
    writer.get("/queue")
    stood = in_the_middle(lambda: logs_one(writer))
    assert reader.get(path).status_code == 200
    assert stood, "the page asks for inquiries"
    assert cases(app) == 2


@pytest.mark.parametrize("path", FILES)
def test_who_has_half_of_a_file_keeps_no_writer_waiting(app, clerk, path):
    reader, writer = clerk(), clerk()
    answer = reader.get(path, buffered=False)
    parts = answer.iter_encoded()
    begun = next(parts)
    logs_one(writer)
    assert len(begun + b"".join(parts)) > 0
    answer.close()
    assert cases(app) == 2

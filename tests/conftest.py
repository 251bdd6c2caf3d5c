"""Fixtures: one application and one fresh database per test, on SQLite and on PostgreSQL."""

import contextlib
import gc
import os
import shutil
import sys

import pytest
from hypothesis import settings

from tests.databases import Databases

settings.register_profile("no timing", deadline=None)  # a busy machine is no fault
settings.load_profile("no timing")

# A program that a test starts reads what this one has compiled: each would compile the whole application anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
gc.set_threshold(20_000, 20, 50)  # as app.py does

ENGINES = ("sqlite", "postgresql")


def pytest_addoption(parser):
    parser.addoption("--engine", choices=[*ENGINES, "both"], default="both", help="databases that web tests run on")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine")
        only = metafunc.definition.get_closest_marker("only_on")
        engines = only.args if only else ENGINES
        metafunc.parametrize("engine", [one for one in engines if chosen in ("both", one)], scope="session")


def pytest_collection_finish():
    """Thousands of tests stay until the end: nobody looks through them for garbage again and again."""
    gc.collect()
    gc.freeze()


def must_not_skip() -> bool:
    """In CI a missing database or browser is a failure."""
    return bool(os.environ.get("CI"))


@pytest.fixture(scope="session")
def databases(tmp_path_factory):
    with Databases(tmp_path_factory.mktemp("databases"), must_not_skip=must_not_skip()) as databases:
        yield databases


@pytest.fixture(scope="session")
def engine():
    """Which engine a test runs on: see pytest_generate_tests."""
    raise LookupError("pytest_generate_tests chooses it")


@pytest.fixture(scope="session")
def engine_app(engine, databases):
    """One application per engine; its database is exchanged before each test."""
    return databases.application(engine)


@pytest.fixture
def app(engine, engine_app, databases):
    """The application over a fresh, empty, migrated database."""
    with databases.fresh(engine, engine_app):
        yield engine_app


@pytest.fixture(scope="session")
def province_template(tmp_path_factory, request):
    """The folder of the filled demo database; copy it with tests.province.Province."""
    from tests.province import template_in

    base = tmp_path_factory.getbasetemp()
    return template_in(base.parent if hasattr(request.config, "workerinput") else base)


@pytest.fixture
def province(province_template, tmp_path):
    """The demo province on SQLite, a copy of one's own."""
    from tests.province import Province

    with Province(province_template, tmp_path / "province") as province:
        yield province


@pytest.fixture(scope="session")
def province_moved(databases, province_template, tmp_path_factory):
    """The name of a PostgreSQL database with the demo province, to be copied."""
    from tests.province import url_in

    folder = shutil.copytree(province_template, tmp_path_factory.mktemp("moved") / "province")
    return databases.moved(url_in(folder))


@pytest.fixture
def province_on_each(engine, databases, province_template, tmp_path, request):
    """The demo province, a copy of one's own on each engine."""
    from tests.province import Province

    with contextlib.ExitStack() as stack:
        url = None
        if engine == "postgresql":
            url = stack.enter_context(databases.copy_of(request.getfixturevalue("province_moved")))
        yield stack.enter_context(Province(province_template, tmp_path / "province", url))


@pytest.fixture
def session(app):
    """The database session of a test that needs no request."""
    from pr_tracker.db import db

    with app.app_context():
        yield db.session


@pytest.fixture
def client(app):
    from tests.checking_client import CheckingClient

    app.test_client_class = CheckingClient
    return app.test_client()


@pytest.fixture
def sign_in(client):
    """sign_in(person): the client then acts as this person."""

    def sign_in(person):
        client.act_as(person)
        return client

    return sign_in


@pytest.fixture
def set_clock(monkeypatch):
    """set_clock(moment): the wall clock shows it from here on; returns it."""
    from pr_tracker import clock

    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return set_clock

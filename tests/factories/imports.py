"""Rows of files for tests, taken in through a target without a page."""

from pr_tracker.db import db
from pr_tracker.imports.rules import GOOD, Given, Setting, Verdict
from pr_tracker.tables.cells import cell_of
from tests.factories.accounts import NOW, a_person

TAKEN = GOOD | {Verdict.DOUBTFUL}


class Nothing:
    """Nobody said anything of names so far."""

    def meant(self, what, typed):
        return None


class Said(dict):
    """What somebody said that names mean: {typed: id}."""

    def meant(self, what, typed):
        return self.get(typed)


def given(*rows):
    """Rows from dicts of column → value, numbered from 2 as under a head."""
    return [
        Given(number, {column: cell_of(value) for column, value in row.items()}) for number, row in enumerate(rows, 2)
    ]


def a_setting(*, actor=None, about_id=None, names=None):
    return Setting(actor or a_person(), NOW, names or Nothing(), "danh-sach.xlsx", about_id)


def judge(target, *rows, **setting):
    """The verdicts on rows; nothing is written."""
    return target.begin(a_setting(**setting)).judge(given(*rows))


def take_in(target, *rows, **setting):
    """The verdicts, after the rows that are good or doubtful were written."""
    session = target.begin(a_setting(**setting))
    found = session.judge(given(*rows))
    session.write([one for one in found if one.verdict in TAKEN])
    db.session.flush()
    db.session.expire_all()
    return found


def verdicts(judged):
    return [one.verdict.value for one in judged]


def reasons(judged):
    """The messages of each row with what they say, for reading in tests."""
    return [[reason.message % dict(reason.params) for reason in one.reasons] for one in judged]

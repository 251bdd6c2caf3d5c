"""The demo's library: what agencies published by themselves, expired, replaced, withdrawn; one voice that differs."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

from pr_tracker.accounts.models import Person
from pr_tracker.demo.doing import Office
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.reading import read_toml
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import Status
from pr_tracker.office_time import office_instant
from pr_tracker.statements import actions
from pr_tracker.statements.actions import Said
from pr_tracker.statements.models import Statement
from pr_tracker.statements.rules import AnswerForm
from pr_tracker.statements.rules_facts import Difference, facts_of
from pr_tracker.statements.rules_likeness import Matter
from pr_tracker.statements.rules_voice import says_otherwise, sentences_of

SAID_AT, RECORDED_AFTER = time(8, 30), timedelta(minutes=20)
DAYS_BEFORE = 18  # when the agency said what its open draft contradicts


def keep_library(office: Office, day: date, hours: Hours) -> None:
    """Everything of statements.toml, and before an open draft a statement that says otherwise."""
    made: list[Statement] = []
    for row in read_toml("statements.toml")["statement"]:
        made.append(_record(row, made, office, day, hours))
    _contradict_a_draft(office, day, hours)


def _record(row: dict, made: list[Statement], office: Office, day: date, hours: Hours) -> Statement:
    agency = office.agencies[row["agency"]]
    keeper = _keeper(office, agency.id)
    said_at = office_instant(hours.working_day(day - timedelta(days=row["days"]), 0), SAID_AT)
    said = Said(
        topic=row["topic"],
        text=row["text"].strip(),
        agency_id=agency.id,
        form=AnswerForm(row["form"]),
        said_at=said_at,
        said_by=agency.name,
        link="https://angiang.example/thong-cao",
        valid_until=day + timedelta(days=row["until"]) if "until" in row else None,
    )
    now = said_at + RECORDED_AFTER
    replaces = [made[row["replaces"]].id] if "replaces" in row else []
    statement = actions.record_published(said, actor=keeper, now=now, replaces=replaces)
    if "withdrawn" in row:
        actions.withdraw(statement, row["withdrawn"], actor=keeper, now=now + timedelta(hours=5))
    return statement


def _keeper(office: Office, agency_id: int) -> Person:
    return next(person for person in office.people.values() if person.agency_id == agency_id)


def _contradict_a_draft(office: Office, day: date, hours: Hours) -> None:
    """Of an open case the lead agency has said the same with another figure some weeks ago."""
    for case in _being_written(office):
        draft = latest_draft(case)
        agency = case.lead_agency
        assert draft is not None
        assert agency is not None
        other = _with_another_figure(case.subject, draft.text)
        if other is None:
            continue
        said_at = office_instant(hours.working_day(day - timedelta(days=DAYS_BEFORE), 0), SAID_AT)
        said = Said(case.subject, other, agency.id, AnswerForm.PORTAL, said_at, agency.name)
        said = replace(said, link="https://angiang.example/thong-cao")
        actions.record_published(said, actor=_keeper(office, agency.id), now=said_at + RECORDED_AFTER)
        return


def _being_written(office: Office) -> Iterator[Inquiry]:
    for number in sorted(office.cases, reverse=True):
        if office.cases[number].status in (Status.DRAFTING, Status.RETURNED, Status.IN_REVIEW):
            yield office.cases[number]


def _with_another_figure(topic: str, text: str) -> str | None:
    """The text with one of its amounts raised, so that both cannot be true; None where it states none."""
    for sentence in sentences_of(text):
        for fact in facts_of(sentence):
            figure = re.match(r"\d+", sentence[fact.start : fact.end])
            if fact.kind is not Difference.AMOUNT or figure is None:
                continue
            raised = str(int(figure[0]) + 7)
            changed = sentence[: fact.start] + raised + sentence[fact.start + figure.end() :]
            other = text.replace(sentence, changed)
            if says_otherwise(Matter(topic, text), Matter(topic, other)):
                return other
    return None

"""The figures kept as summaries are exact at every moment: they equal a full count after any history.

Seen red: a trigger without the status, a fold that forgets the carried months, a recount that keeps the changes.
"""

import itertools
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pr_tracker.db import db
from pr_tracker.deadlines.actions_rerun import carry_out, hold
from pr_tracker.deadlines.queries import calendar_state, working_calendar
from pr_tracker.deadlines.rules import compute
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind
from pr_tracker.deadlines.rules_rerun import changed
from pr_tracker.errors import DomainError
from pr_tracker.imports.targets.inquiries import Ledger
from pr_tracker.inquiries.actions import answer, handling, stops
from pr_tracker.inquiries.actions.moving import InquiryClocks
from pr_tracker.inquiries.actions.summaries import fold, recount, settle
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.models_summaries import COUNTED, NOBODY, Carried, Change, MonthOfAgency, MonthOfKind
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.lateness import by_whose_doing, doings_of, unsettled_months
from pr_tracker.inquiries.queries.summaries import SUMS, By, asked_of, carried_into, sums
from pr_tracker.inquiries.rules import OPEN, Status
from pr_tracker.inquiries.rules_kinds import Kind, Part
from pr_tracker.inquiries.rules_timing import End, Result, Timing, result_of, timing_of
from pr_tracker.office_time import in_office, office_day
from tests.factories import inquiries as factories
from tests.factories.accounts import NOW
from tests.factories.imports import take_in, verdicts
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.outlets import an_outlet
from tests.factories.parts import a_part

KINDS = (Kind.QUESTION, Kind.INCIDENT, Kind.FORWARDED_OPINION)
NARROWED = ({}, {"agency_id": True}, {"kind": Kind.INCIDENT}, {"agency_id": True, "extended": True})
LEDGER_ENDS = ("Đang xử lý", "Đã trả lời", "Từ chối", "Đã rút")
ENDS = (Status.ANSWERED, Status.REFUSED, Status.WITHDRAWN, Status.ARCHIVED)


periods = st.tuples(st.integers(0, 75), st.integers(0, 75))


def month_of(at):
    local = in_office(at)
    return local.year * 100 + local.month


def sums_of(one):
    """What an inquiry counts as, by the rules."""
    end = End(one.ends_at, one.finished_at, one.released_at is not None, one.refusal_ground is not None)
    timing, result = timing_of(end, NOW), result_of(end)
    ground = one.refusal_ground.value if result is Result.REFUSED else None
    paused = one.finished_at is None and one.paused_at and one.paused_until > NOW
    counted = {"paused"} if paused else set()
    counted |= {"cases", timing.value, result.value, ground, f"stands_{one.status.value}"}
    counted |= {"forwarded"} if one.kind is Kind.FORWARDED_OPINION else set()
    counted |= {"stopped"} if one.stopped_days else set()
    counted |= {"extended"} if one.extended_days else set()
    counted |= {"extended_on_time"} if one.extended_days and timing is Timing.ON_TIME else set()
    days = {"stopped_days": one.stopped_days, "extended_days": one.extended_days}
    return Counter({name: 1 for name in SUMS if name in counted} | {name: day for name, day in days.items() if day})


def is_asked(one, filters):
    """Whether an inquiry is on the list of these filters."""
    received, finished = office_day(one.received_at), one.finished_at
    return (
        (filters.since is None or filters.since <= received <= filters.until)
        and filters.agency_id in (None, one.lead_agency_id)
        and filters.kind in (None, one.kind)
        and (not filters.extended or one.extended_days > 0)
        and (
            filters.carried is None
            or (received < filters.carried and (finished is None or office_day(finished) >= filters.carried))
        )
    )


def full_count():
    """Everything that is finished, counted one by one."""
    found = {}
    for one in db.session.scalars(sa.select(Inquiry).where(Inquiry.finished_at.is_not(None))):
        month, agency = month_of(one.received_at), one.lead_agency_id or NOBODY
        for key in (("agency", month, agency), ("kind", month, one.kind.value)):
            found.setdefault(key, Counter()).update(sums_of(one))
        for later in range(month + 1, month_of(one.finished_at) + 1):
            if later % 100 in range(1, 13):
                found.setdefault(("carried", later, agency), Counter())["cases"] += 1
    return found


def kept():
    """The same as the summaries have it: the months and what is not added to them yet."""
    found = {}
    for name, model, key in (("agency", MonthOfAgency, "agency_id"), ("kind", MonthOfKind, "kind")):
        for one in [*db.session.scalars(sa.select(model)), *db.session.scalars(sa.select(Change))]:
            sums = Counter({each: value for each in COUNTED if (value := getattr(one, each))})
            _add(found, (name, one.month, getattr(one, key)), sums)
    for one in db.session.scalars(sa.select(Carried)):
        _add(found, ("carried", one.month, one.agency_id), Counter(cases=one.cases))
    for one in db.session.scalars(sa.select(Change)):
        for later in range(one.month + 1, one.finished_month + 1):
            if later % 100 in range(1, 13):
                _add(found, ("carried", later, one.agency_id), Counter(cases=one.cases))
    return {key: sums for key, sums in found.items() if sums}


def _add(found, key, sums):
    own = found.setdefault(key, Counter())
    for name, value in sums.items():
        own[name] += value
        if not own[name]:
            del own[name]


class Desk(RuleBasedStateMachine):
    """Cases that come, are worked on and end in any way, at any time, while figures are folded and counted anew."""

    @initialize()
    def open_the_desk(self):
        self.clock = itertools.count()
        self.province = Province()
        self.cases = []
        an_outlet("Báo Sổ")

    @property
    def now(self):
        return NOW + timedelta(days=next(self.clock) % 3)

    @rule(kind=st.sampled_from(KINDS), status=st.sampled_from([*sorted(OPEN), *ENDS]), ago=st.integers(0, 70))
    def come(self, kind, status, ago):
        now = NOW - timedelta(days=ago, hours=ago)
        with suppress(DomainError):
            self.cases.append(an_inquiry(self.province, kind=kind, status=status, received_at=now, now=now))

    @rule(at=st.integers(0, 9), act=st.sampled_from(["assign", "withdraw", "refuse", "close", "archive", "resume"]))
    def act(self, at, act):
        if not self.cases:
            return
        case, who, now = self.cases[at % len(self.cases)], self.province.drafter, self.now
        acts = {
            "assign": lambda: handling.assign(case, self.province.other, actor=self.province.clerk, now=now),
            "withdraw": lambda: answer.withdraw(case, "Báo rút", actor=self.province.clerk, now=now),
            "refuse": lambda: factories.refused(case, self.province, now=now),
            "close": lambda: answer.close(case, "", actor=who, now=now),
            "archive": lambda: answer.archive(case, actor=who, now=now),
            "resume": lambda: stops.resume(case, actor=who, now=now),
        }
        savepoint = db.session.begin_nested()
        try:
            acts[act]()
        except DomainError:
            savepoint.rollback()
            db.session.expire_all()
        else:
            savepoint.commit()

    @rule(at=st.integers(0, 9), late=st.booleans(), sent=st.booleans())
    def owe(self, at, late, sent):
        """Another agency is asked; its part may come late, or not at all."""
        if not self.cases:
            return
        case, savepoint = self.cases[at % len(self.cases)], db.session.begin_nested()
        try:
            part = a_part(case, self.province.other, actor=self.province.drafter, now=case.received_at)
            if sent:
                part.sent_at = part.ends_at + timedelta(days=late, seconds=-1)
            savepoint.commit()
        except DomainError:
            savepoint.rollback()
            db.session.expire_all()

    @rule(at=st.integers(0, 9))
    def what_was_owed_is_changed_afterwards(self, at):
        db.session.flush()
        one = db.session.scalars(sa.select(Participation).where(Participation.part == Part.COORDINATING)).all()
        if one:
            one[at % len(one)].ends_at -= timedelta(days=9)

    @rule(number=st.integers(1, 4), ago=st.integers(3, 70), days=st.integers(0, 70), end=st.sampled_from(LEDGER_ENDS))
    def a_ledger_comes_in(self, number, ago, days, end):
        """Finished cases, open ones, and the same again that have ended meanwhile."""
        received = NOW - timedelta(days=ago)
        row = {"number": str(number), "subject": f"Việc số {number}", "outlet": "Báo Sổ", "lead": "Sở Xây dựng"}
        row |= {"received": f"{received:%d/%m/%Y}", "status": end}
        if end != LEDGER_ENDS[0]:
            row["finished"] = f"{min(received + timedelta(days=days), NOW):%d/%m/%Y}"
        if end == "Từ chối":
            row |= {"ground": "Đang điều tra", "reason": "Vụ án đang điều tra"}
        db.session.flush()
        assert verdicts(take_in(Ledger(), row, actor=self.province.clerk)) in (["new"], ["changed"], ["unchanged"])

    @rule(days=st.integers(1, 5))
    def deadlines_are_counted_again(self, days):
        off = {office_day(NOW) + timedelta(days=day): DayEntry(DayKind.HOLIDAY, "Nghỉ bão") for day in range(days)}
        calendar, holders = working_calendar().with_overrides(off), [InquiryClocks()]
        db.session.flush()
        moves = changed(
            hold(holders), lambda clock: compute(clock.deadline.key, clock.deadline.trigger_at, calendar=calendar)
        )
        carry_out(holders, moves, why="Nghỉ bão", actor=None, now=NOW)

    @rule(at=st.integers(0, 9), months=st.integers(0, 14), other=st.booleans())
    def change_behind_its_back(self, at, months, other):
        """As whatever is not an act does: by SQL alone."""
        if self.cases:
            case = self.cases[at % len(self.cases)]
            db.session.flush()
            new = {"lead_agency_id": self.province.other.id if other else case.lead_agency_id}
            new |= {"received_at": case.received_at - timedelta(days=30 * months), "extended_days": months}
            db.session.execute(sa.update(Inquiry.__table__).where(Inquiry.id == case.id).values(**new))
            db.session.expire_all()

    @rule()
    def fold(self):
        db.session.flush()
        fold(db.session.connection())
        for month in unsettled_months()[:2]:
            settle(month, NOW)
        db.session.expire_all()

    @rule()
    def recount(self):
        db.session.flush()
        recount(db.session.connection())
        db.session.expire_all()
        assert not db.session.scalar(sa.select(sa.func.count(Change.id)))

    @rule(periods=st.lists(periods, min_size=4, max_size=8), narrowed=st.sampled_from(NARROWED))
    def report(self, periods, narrowed):
        """Periods that begin and end on any day, for the whole province or a reader of the department."""
        db.session.flush()
        asked, reader = dict(narrowed), None
        if "agency_id" in asked:
            asked["agency_id"], reader = self.province.department.id, self.province.drafter
        everything = db.session.scalars(sa.select(Inquiry)).all()
        for number, (ago, days) in enumerate(periods):
            since = office_day(NOW) - timedelta(days=ago)
            filters = Filters(since=since, until=since + timedelta(days=days), **asked)
            self.compare(filters, reader, list(By)[number % len(By)], everything)
            self.compare_lateness(filters, reader)
            lead, month = Filters(agency_id=filters.agency_id), since.replace(day=1)
            before = [one for one in everything if is_asked(one, replace(lead, carried=month))]
            assert carried_into(month, lead, reader, NOW) == Counter(one.lead_agency_id or NOBODY for one in before)

    def compare(self, filters, reader, by, everything):
        expected = {}
        for one in everything:
            if is_asked(one, filters):
                keys = {By.AGENCY: one.lead_agency_id or NOBODY, By.KIND: one.kind.value, By.NOTHING: 1}
                keys[By.MONTH] = month_of(one.received_at)
                expected.setdefault(keys[by], Counter()).update(sums_of(one))
        rows = sums(filters, reader, NOW, by)
        assert {row.key: {name: row._mapping[name] for name in SUMS if row._mapping[name]} for row in rows} == expected

    def compare_lateness(self, filters, reader):
        """What is kept of months makes no difference."""
        calendar = db.session.execute(calendar_state()).one()
        live = by_whose_doing(sa.select(Inquiry.id).where(*asked_of(filters, reader, NOW)), NOW, calendar)
        assert +doings_of(filters, reader, NOW, calendar) == +live

    @invariant()
    def the_summaries_equal_a_full_count(self):
        assert kept() == full_count()

    def teardown(self):
        db.session.rollback()


@pytest.mark.usefixtures("session")
def test_after_any_history_the_summaries_equal_a_full_count():
    few = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(Desk, settings=few)

"""Fill an empty database with the demo province of a day: the same day, the same province."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa

from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.models import Agency
from pr_tracker.db import db
from pr_tracker.deadlines import actions as terms
from pr_tracker.deadlines import actions_plan as plans
from pr_tracker.deadlines import actions_rules as rules
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules_book import NewVersion
from pr_tracker.deadlines.rules_plan import Shares
from pr_tracker.deadlines.rules_table import Citation, ClockKey, Confidence, Instrument
from pr_tracker.deadlines.rules_terms import Allowance, WorkingDays
from pr_tracker.demo.afterwards import follow_answers
from pr_tracker.demo.asking import OWN_TERMS
from pr_tracker.demo.assessments import assess_class
from pr_tracker.demo.authorising import as_papers_stand, end_over
from pr_tracker.demo.classes import hold_two_classes, meet_online, take_names
from pr_tracker.demo.doing import Office, carry_out
from pr_tracker.demo.duties import fulfil_duties
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.incidents import handle_incidents
from pr_tracker.demo.outlets import demo_outlets
from pr_tracker.demo.papers import issue_papers
from pr_tracker.demo.parts import boxes_as_they_stand
from pr_tracker.demo.people import demo_agencies
from pr_tracker.demo.reports import report_years
from pr_tracker.demo.schedule import plan_of
from pr_tracker.demo.spokespersons import assign_spokespersons, bring_register_up_to_date, change_head, former_head
from pr_tracker.demo.statements import keep_library
from pr_tracker.demo.stopping import as_it_stands
from pr_tracker.demo.training import begin_class, hold_workshop
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import office_instant, write_day
from pr_tracker.outlets import actions as register
from pr_tracker.outlets.rules import JournalistFacts, OutletFacts
from pr_tracker.papers.actions import Desk

SET_UP_AT = datetime(2024, 7, 15, 1, 30, tzinfo=UTC)  # before the workshop of August 2024
FIRST_DAY = date(2026, 7, 15)  # every kind of inquiry is known to the law, and some are open
MORNING = time(9, 40)
OWN_SHARES = {"SXD": Shares(55, 20, 15, 10), "SYT": Shares(50, 20, 15, 15), "PHUQUOC": Shares(65, 20, 0, 15)}
ADMINISTRATOR, TRAINER, TRAINING_AGENCY = "quantri", "daotao", "SVHTT"


def is_empty() -> bool:
    """Whether nobody has begun to work here."""
    return db.session.scalar(sa.select(sa.exists().select_from(Agency))) is not True


def moment_on(day: date) -> datetime:
    """The moment at which the province of a given day stands: the morning, at twenty to ten."""
    return office_instant(day, MORNING)


def require_day(day: date) -> None:
    """Raises BadInput for a day whose demo the law or the working calendar does not cover."""
    last_day = date(deadlines.working_calendar().last_year, 11, 15)
    if not FIRST_DAY <= day <= last_day:
        span = {"first": write_day(FIRST_DAY), "last": write_day(last_day)}
        raise BadInput(N_("The demo can be made for days from %(first)s to %(last)s."), field="date", **span)


def fill_province(
    day: date,
    moment: datetime,
    *,
    password_hash: str,
    uploads: Path | None = None,
    desk: Desk | None = None,
    count: int = 400,
) -> int:
    """Agencies, people, press, terms, classes and about `count` inquiries; how many it were.

    Letters of the press are kept in the folder `uploads`; at the `desk` papers are issued. The caller commits.
    Raises BadInput for a day outside the working calendar.
    """
    calendar = deadlines.working_calendar()
    require_day(day)
    office = set_up(password_hash)
    change_head(office, SET_UP_AT + timedelta(days=140))
    trainer, holder = office.people[TRAINER], office.agencies[TRAINING_AGENCY]
    hold_workshop(holder, trainer, uploads)
    hold_two_classes(office, holder, trainer)
    plan = plan_of(day, moment, calendar, count)
    _before_the_first(plan.acts[0].at, office)
    assign_spokespersons(office, plan.acts[0].at, Hours(calendar))
    carry_out(plan, office, uploads)
    as_it_stands(office.cases.values(), moment)
    end_over(office.papers, moment)
    as_papers_stand(office.cases, office.people, office.cast, moment)
    follow_answers(office, Hours(calendar), moment)
    boxes_as_they_stand(office.cases.values(), office.agencies["SXD"], moment, uploads)
    meet_online(office, holder, trainer, day, Hours(calendar), moment)
    take_names(office, holder, trainer, day, Hours(calendar), moment)
    begin_class(holder, trainer, day, Hours(calendar), moment, uploads)
    assess_class(trainer, day, Hours(calendar), moment, uploads)
    fulfil_duties(office, day, Hours(calendar), moment)
    keep_library(office, day, Hours(calendar))
    bring_register_up_to_date(office, day, Hours(calendar), moment, uploads)
    handle_incidents(office, moment)
    report_years(office, day, Hours(calendar), moment, uploads)
    _next_regulation(moment, office, day)
    if desk is not None:
        issue_papers(office, day, moment, desk)
    return len(plan.matters)


def set_up(password_hash: str, now: datetime = SET_UP_AT) -> Office:
    """Agencies with their people and heads, as they were at first."""
    office = Office()
    for demo in demo_agencies():
        agency = accounts.add_agency(
            code=demo.code,
            name=demo.name,
            short_name=demo.short_name,
            kind=demo.kind,
            signing_form=demo.signing_form,
            superior=office.agencies[demo.superior_code] if demo.superior_code else None,
            actor=None,
            now=now,
        )
        office.agencies[demo.code] = agency
        for number, person in enumerate(demo.people, 1):
            office.people[person.local] = accounts.add_person(
                full_name=person.full_name,
                email=person.email,
                agency=agency,
                roles=set(person.roles),
                actor=None,
                now=now,
                title=person.title,
                phone=f"0000 9{len(office.agencies):02} {number:03}",
                password_hash=password_hash,
            )
        head = former_head(agency, now) or office.people[demo.people[0].local]
        accounts.name_head(agency, head, actor=None, now=now)
    return office


def _next_regulation(now: datetime, office: Office, day: date) -> None:
    """The province's next regulation gives units two working days from the first of January on."""
    new = NewVersion(
        ClockKey.INTERNAL_INPUT,
        date(day.year + 1, 1, 1),
        WorkingDays(2),
        (Citation(Instrument.INTERNAL_REGULATION, 7, 2),),
        Confidence.UNCONFIRMED,
        Allowance(3, 1),
    )
    rules.supersede(
        new,
        note="Quy chế nội bộ mới, đang lấy ý kiến",
        holders=(),
        seen=rules.look_at(new, holders=())[1],
        why="",
        actor=office.people[ADMINISTRATOR],
        now=now,
    )


def _before_the_first(first_at: datetime, office: Office) -> None:
    """The press register and the agencies' own terms, kept by the administrator and the registrar."""
    administrator, registrar = office.people[ADMINISTRATOR], office.people["vanthu"]
    for code, days in OWN_TERMS.items():
        at = first_at - timedelta(days=12)
        terms.set_agency_term(office.agencies[code], ClockKey.INTERNAL_REPLY, days, actor=administrator, now=at)
    for code, shares in OWN_SHARES.items():
        plans.set_shares(office.agencies[code], shares, actor=administrator, now=first_at - timedelta(days=11))
    at = first_at - timedelta(days=5)
    for number, demo in enumerate(demo_outlets(), 1):
        facts = OutletFacts(demo.name, demo.kind, demo.short_name, demo.address, demo.phone, demo.email, demo.website)
        outlet = register.add_outlet(facts, actor=registrar, now=at)
        journalists = []
        for place, one in enumerate(demo.journalists, 1):
            known = JournalistFacts(one.full_name, outlet.id, one.press_card, phone=one.phone, email=one.email)
            if not one.press_card:
                letter = f"{number}{place}/GGT-{demo.email.split('@')[1][:2].upper()}"
                known = JournalistFacts(
                    one.full_name, outlet.id, "", letter, (at - timedelta(days=3)).date(), one.phone, one.email
                )
            journalists.append(register.add_journalist(known, actor=registrar, now=at))
        office.press.append((outlet, journalists))

"""Who spoke for the demo's agencies: decisions from before the first case, ended, replaced, published late."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from pr_tracker import pdf
from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.demo.cast import OFFICE, PROVINCE
from pr_tracker.demo.doing import Office
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.letters import NOTE
from pr_tracker.demo.people import DOMAIN
from pr_tracker.demo.reading import read_toml
from pr_tracker.duties import actions as duties
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import DutyKind, first_day_of
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.permissions import Role
from pr_tracker.spokespersons import actions as register
from pr_tracker.spokespersons.models import SpokespersonDecision
from pr_tracker.spokespersons.queries import standing_decisions
from pr_tracker.spokespersons.rules import SpokespersonFacts

_TEXTS = "spokespersons.toml"


def former_head(agency: Agency, now: datetime) -> Person | None:
    """Who headed the agency before its present head, for the one agency of which the demo tells it."""
    row = read_toml(_TEXTS)["former_head"]
    if agency.code != row["agency"]:
        return None
    facts: dict[str, Any] = {name: row[name] for name in ("full_name", "title")}
    facts |= {"email": f"{row['local']}@{DOMAIN}", "agency": agency, "roles": {Role.HEAD}}
    return accounts.add_person(**facts, actor=None, now=now)


def change_head(office: Office, now: datetime) -> None:
    """That head retires, the present one follows."""
    code = read_toml(_TEXTS)["former_head"]["agency"]
    agency = office.agencies[code]
    former = agency.head
    assert former is not None
    accounts.name_head(agency, _person(office, code, 0), actor=None, now=now)
    kept = {name: getattr(former, name) for name in ("full_name", "title", "phone", "email", "agency_id")}
    version, roles = former.version, former.roles
    accounts.change_person(former, version=version, roles=roles, actor=None, now=now, **kept, active=False)


def assign_spokespersons(office: Office, first_at: datetime, hours: Hours) -> None:
    """Each agency's deputy is its spokesperson since before the first case; UBND tỉnh's is the head of its office."""
    texts, keeper = read_toml(_TEXTS), office.people["vanthu"]
    for number, (code, agency) in enumerate(office.agencies.items()):
        if code in texts["unassigned"]:
            continue
        on = hours.working_day(office_day(first_at) - timedelta(days=50 - number), 0)
        decided_at = office_instant(on, time(9, 15))
        person = _person(office, OFFICE, 0) if code == PROVINCE else _person(office, code, 1)
        paper = f"{18 + number * 7}/QĐ-{'UBND' if agency.kind in _COMMITTEES else code}"
        _record(agency, person, paper, decided_at, actor=keeper)
    for row, place in ((texts["second"], texts["second"]["place"]), (texts["late"], texts["late"]["former"])):
        on = hours.working_day(office_day(first_at) - timedelta(days=10), 0)
        agency, decided_at = office.agencies[row["agency"]], office_instant(on, time(14, 30))
        person = _person(office, row["agency"], place - 1 if row is texts["second"] else place)
        _record(agency, person, f"{140 + place}/QĐ-{row['agency']}", decided_at, actor=keeper)


_COMMITTEES = (AgencyKind.PROVINCE, AgencyKind.COMMUNE)


def bring_register_up_to_date(office: Office, day: date, hours: Hours, moment: datetime, uploads: Path | None) -> None:
    """Since the law: one ended, one replaced and published late, one renewed in time, one that waits for the portal."""
    texts = read_toml(_TEXTS)
    first = first_day_of(DutyKind.PUBLICATION)

    def at(back: int, hour: int) -> datetime:
        on = max(hours.working_day(day, -back), hours.working_day(first, 1))
        return office_instant(on) + timedelta(hours=hour)

    _end(office, texts["second"], at(30, 10))
    _replace(office, texts["late"], at(22, 14), texts, published_after=timedelta(hours=31))
    renewed = _renew(office, texts["renewed"], at(14, 9), texts)
    if uploads:
        _keep_scan(renewed, uploads)
    decided_at = moment.replace(second=0, microsecond=0) - timedelta(hours=18)
    _assign(office, texts["new"], _person(office, texts["new"]["agency"], 1), decided_at)


def _person(office: Office, code: str, place: int) -> Person:
    return office.people[office.cast.agencies[code].people[place].local]


def _facts(agency: Agency, person: Person, paper: str, decided_at: datetime) -> SpokespersonFacts:
    address = f"phatngon.{agency.code.lower()}@{DOMAIN}"
    return SpokespersonFacts(person.full_name, person.title, person.phone, address, paper, decided_at)


def _record(agency: Agency, person: Person, paper: str, decided_at: datetime, *, actor: Person) -> SpokespersonDecision:
    """A decision of before the law of today: its publication was not this tool's clock."""
    facts, now = _facts(agency, person, paper, decided_at), decided_at + timedelta(minutes=50)
    return register.record_decision(agency, facts, person_id=person.id, actor=actor, now=now)


def _standing(agency: Agency, person: Person) -> int | None:
    return next((row.id for row in standing_decisions(agency.id) if row.person_id == person.id), None)


def _end(office: Office, row: dict, ended_at: datetime) -> None:
    agency = office.agencies[row["agency"]]
    person = _person(office, row["agency"], row["place"] - 1)
    decision = register.queries.get_decision(_standing(agency, person) or 0)
    assert agency.head is not None
    now = ended_at + timedelta(minutes=35)
    register.end_decision(decision, ended_at, row["ended"], row["reason"], actor=agency.head, now=now)


def _assign(office: Office, row: dict, person: Person, decided_at: datetime, *, former: Person | None = None) -> Duty:
    agency = office.agencies[row["agency"]]
    assert agency.head is not None
    return duties.record_spokesperson(
        agency,
        _facts(agency, person, row["decision"], decided_at),
        person_id=person.id,
        replaces_id=_standing(agency, former or person),
        actor=agency.head,
        now=decided_at + timedelta(minutes=40),
    )


def _renew(office: Office, row: dict, decided_at: datetime, texts: dict) -> SpokespersonDecision:
    duty = _assign(office, row, _person(office, row["agency"], 1), decided_at)
    _publish(duty, decided_at + timedelta(hours=5), texts)
    assert duty.decision is not None
    return duty.decision


def _keep_scan(decision: SpokespersonDecision, uploads: Path) -> None:
    """The paper as a PDF that says that it is invented."""
    out, day = BytesIO(), office_day(decision.decided_at)
    facts: dict[str, Any] = {"draft": False, "place": "An Giang", "day": day, "symbol": f"QĐ-{decision.agency.code}"}
    subject = "Về việc giao nhiệm vụ người phát ngôn và cung cấp thông tin cho báo chí"
    words = f"Giao {decision.full_name}, {decision.title}, làm người phát ngôn thường xuyên của {decision.agency.name}."
    head = letterhead(decision.agency, kind="Quyết định", abstract=subject, **facts)
    blocks: list[pdf.Block] = [head, pdf.Text(words), pdf.Text(NOTE, "center"), pdf.Closing(signature(decision.agency))]
    pdf.build(pdf.Document(subject, blocks), out)
    assert decision.agency.head is not None
    name = f"Quyết định {decision.decision_number.replace('/', '-')}.pdf"
    now = decision.recorded_at + timedelta(minutes=6)
    where: dict[str, Any] = {"folder": uploads, "largest": 2}
    register.add_scan(decision, name, out.getvalue(), **where, actor=decision.agency.head, now=now)


def _replace(office: Office, row: dict, decided_at: datetime, texts: dict, *, published_after: timedelta) -> None:
    former, person = (_person(office, row["agency"], row[place]) for place in ("former", "place"))
    duty = _assign(office, row, person, decided_at, former=former)
    _publish(duty, decided_at + published_after, texts)


def _publish(duty: Duty, at: datetime, texts: dict) -> None:
    duties.complete(duty, at, texts["evidence"], texts["portal"], actor=duty.agency.head, now=at)

"""The demo's incidents: one that runs now with three inquiries, a roster and tasks; one that is closed."""

from datetime import datetime, timedelta
from typing import Any

from pr_tracker.demo.doing import Office
from pr_tracker.demo.reading import read_toml
from pr_tracker.incidents.actions import opening, releasing, roster, statement
from pr_tracker.incidents.actions.opening import IncidentFacts
from pr_tracker.incidents.actions.releasing import Release
from pr_tracker.incidents.actions.roster import ShiftFacts
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.rules import Span
from pr_tracker.incidents.rules_kinds import IncidentKind, Moments
from pr_tracker.inquiries.actions import intake
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_kinds import AnswerForm, Channel, Kind

LEAD, OFFICER, HEAD, REGISTRAR = "SXD", "chuyenvien", "lanhdao", "vanthu"
CLOSED_LEAD, CHAIRMAN = "SNNMT", "chutich"
AGO = timedelta(hours=5)  # since when the running one is known


def handle_incidents(office: Office, moment: datetime) -> None:
    """What the province handles as incidents, seen from `moment`."""
    texts = read_toml("incidents.toml")
    now = moment.replace(second=0, microsecond=0)
    _closed(office, texts["closed"], now - timedelta(days=12))
    _running(office, texts["running"], now)


def _closed(office: Office, texts: dict[str, Any], began_at: datetime) -> None:
    """A rumour of some days ago: determined, answered within the day on the portal, closed."""
    people, agency = office.people, office.agencies[CLOSED_LEAD]
    head, officer = office.cast.agencies[CLOSED_LEAD].people[0].local, REGISTRAR
    facts = IncidentFacts(texts["title"], IncidentKind.DIVIDED_OPINION, Moments(began_at), texts["summary"])
    incident = opening.open_incident(facts, agency, actor=people[officer], now=began_at + timedelta(minutes=20))
    found_at = began_at + timedelta(minutes=95)
    opening.determine(incident, found_at, texts["found"], actor=people[officer], now=found_at, seen=None)
    steps = [found_at + timedelta(minutes=minutes) for minutes in (50, 95, 150, 165)]
    statement.save_and_submit(incident, texts["statement"], actor=people[officer], now=steps[0])
    statement.approve(incident, actor=people[head], now=steps[1])
    statement.approve(incident, actor=people[CHAIRMAN], now=steps[2])
    given = Release(AnswerForm.PORTAL, steps[3], people[head], texts["evidence"])
    releasing.release(incident, given, actor=people[officer], now=steps[3] + timedelta(minutes=5))
    opening.close(incident, texts["note"], actor=people[officer], now=began_at + timedelta(days=2, hours=3))


def _running(office: Office, texts: dict[str, Any], now: datetime) -> None:
    """Five hours old, its statement before the head; somebody is on call until this evening and tomorrow."""
    people, received_at = office.people, now - AGO
    inquiries = [
        _logged(office, row, number, received_at + timedelta(minutes=10 + 25 * number))
        for number, row in enumerate(texts["inquiries"])
    ]
    known = Moments(received_at, happened_at=received_at - timedelta(minutes=50))
    facts = IncidentFacts(texts["title"], IncidentKind.INCIDENT, known, texts["summary"])
    opened_at = now - AGO + timedelta(minutes=70)
    incident = opening.open_incident(
        facts, office.agencies[LEAD], inquiries=inquiries, actor=people[OFFICER], now=opened_at
    )
    _keep_roster(office, incident, opened_at + timedelta(minutes=4), now)
    for number, row in enumerate(texts["tasks"]):
        at = opened_at + timedelta(minutes=8 + number)
        due_at = max(now + timedelta(hours=row["hours"]), at + timedelta(minutes=30))
        task = roster.add_task(incident, row["what"], people[row["who"]].id, due_at, actor=people[HEAD], now=at)
        if row.get("done"):
            roster.finish_task(incident, task, actor=people[row["who"]], now=at + timedelta(minutes=41))
    at = opened_at + timedelta(minutes=20)
    opening.write_down(incident, texts["note"], at - timedelta(minutes=6), actor=people[REGISTRAR], now=at)
    written_at = now - timedelta(minutes=35)
    statement.save_and_submit(incident, texts["statement"], actor=people[OFFICER], now=written_at)


def _logged(office: Office, row: dict[str, Any], number: int, at: datetime) -> Inquiry:
    """An inquiry of the event, from another press agency each time, led by the same department."""
    outlet, journalists = [pair for pair in office.press if pair[1]][number]
    new = intake.NewInquiry(
        subject=row["subject"],
        questions=[row["question"]],
        outlet=outlet,
        journalists=journalists[:1],
        channel=Channel.PHONE,
        kind=Kind(row["kind"]),
        received_at=at - timedelta(minutes=3),
    )
    return intake.log_inquiry(new, actor=office.people[REGISTRAR], now=at, lead=office.agencies[LEAD])


def _keep_roster(office: Office, incident: Incident, at: datetime, now: datetime) -> None:
    people = office.people
    shifts = (
        (OFFICER, "Đầu mối báo chí, soạn nội dung", at, now + timedelta(hours=6)),
        (REGISTRAR, "Trực điện thoại, theo dõi mạng xã hội", now + timedelta(hours=5), now + timedelta(hours=14)),
        (OFFICER, "Đầu mối báo chí", now + timedelta(hours=16), now + timedelta(hours=28)),
    )
    for who, task, from_at, until_at in shifts:
        facts = ShiftFacts(people[who].id, Span(from_at, until_at), "", task)
        roster.add_shift(incident, facts, actor=people[HEAD], now=at)

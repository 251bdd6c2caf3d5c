"""Carry a plan out with the features' own actions, so that history and audit log are what the office would have."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.demo import authorising
from pr_tracker.demo.asking import ON_PAPER
from pr_tracker.demo.authorising import by_paper, end_over
from pr_tracker.demo.cast import PROVINCE, Cast
from pr_tracker.demo.letters import press_letter
from pr_tracker.demo.one_voice import decided
from pr_tracker.demo.parts import send_part, take_up
from pr_tracker.demo.plan import Act, Matter, Plan, Verb
from pr_tracker.demo.stopping import along_the_way
from pr_tracker.inquiries.actions import answer, handling, intake, parts, refusing, sealing
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_articles import Stated
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.spokespersons.models import Authorisation


@dataclass
class Office:
    """Everybody and every case of the demo, as stored."""

    cast: Cast = field(default_factory=Cast)
    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    press: list[tuple[Outlet, list[Journalist]]] = field(default_factory=list)
    cases: dict[int, Inquiry] = field(default_factory=dict)
    papers: list[Authorisation] = field(default_factory=list)  # authorities to speak that have not ended


LEAVING = frozenset({Verb.RELEASE, Verb.REFUSE, Verb.WITHDRAW})
LARGEST_LETTER = 2  # megabytes


def carry_out(plan: Plan, office: Office, uploads: Path | None) -> None:
    """Every act of the plan, one after the other; letters of the open cases are kept in `uploads`, if given."""
    done = {act.case for act in plan.acts if act.verb in LEAVING}
    for act in plan.acts:
        end_over(office.papers, act.at)
        if act.verb is not Verb.LOG:
            _do(act, office)
            along_the_way(act, office.cases[act.case], office.people[act.actor])
            authorising.along_the_way(act, office.cases[act.case], office.people, office.cast, office.papers)
            continue
        matter = plan.matters[act.case]
        office.cases[act.case] = _log(matter, act, office)
        if uploads and matter.kind in ON_PAPER and act.case not in done:
            _keep_letter(matter, act, office, uploads)


def _keep_letter(matter: Matter, act: Act, office: Office, uploads: Path) -> None:
    case, actor = office.cases[act.case], office.people[act.actor]
    name, content = press_letter(matter, office.cast.outlets[matter.outlet], office.agencies[PROVINCE].name)
    intake.attach(case, name, content, folder=uploads, largest=LARGEST_LETTER, actor=actor, now=act.at)


def _log(matter: Matter, act: Act, office: Office) -> Inquiry:
    outlet, journalists = office.press[matter.outlet]
    new = intake.NewInquiry(
        subject=matter.subject,
        questions=list(matter.questions),
        outlet=outlet,
        journalists=[journalists[at] for at in matter.journalists],
        channel=matter.channel,
        kind=matter.kind,
        received_at=matter.received_at,
        started_at=matter.started_at,
        wanted_at=matter.wanted_at,
        urgency=matter.urgency,
        sensitivity=matter.sensitivity,
        parent=office.cases[matter.parent] if matter.parent is not None else None,
    )
    lead = office.agencies[act.agency] if act.agency else None
    return intake.log_inquiry(new, actor=office.people[act.actor], now=act.at, lead=lead)


def _do(act: Act, office: Office) -> None:
    case, now, actor = office.cases[act.case], act.at, office.people[act.actor]
    match act.verb:
        case Verb.ACKNOWLEDGE:
            intake.acknowledge(case, now, actor=actor, now=now)
        case Verb.TAKE:
            handling.take_case(case, office.people[act.agency], actor=actor, now=now)
        case Verb.ASSIGN:
            handling.assign(case, office.agencies[act.agency], actor=actor, now=now)
        case Verb.ASK:
            handling.ask_take_over(case, office.agencies[act.agency], act.text, actor=actor, now=now)
        case Verb.ACCEPT | Verb.DECLINE:
            accepts = act.verb is Verb.ACCEPT
            handling.answer_request(case, accepts=accepts, reason=act.text, actor=actor, now=now)
        case Verb.WATCH:
            handling.add_watcher(case, office.agencies[act.agency], actor=actor, now=now)
        case Verb.COORDINATE:
            agency = office.agencies[act.agency]
            parts.ask(case, [agency], act.text.split("\n"), actor=actor, now=now, due_at=act.due_at)
        case Verb.CONTRIBUTE:
            send_part(case, actor, act.text, now)
        case Verb.COMMENT:
            handling.comment(case, act.text, actor=actor, now=now)
        case _:
            _answer(act, case, office)


def _answer(act: Act, case: Inquiry, office: Office) -> None:
    now, actor = act.at, office.people[act.actor]
    match act.verb:
        case Verb.DRAFT:
            answer.save_draft(case, act.text, ground=act.ground, actor=actor, now=now)
            if act.ground is None:
                take_up(case, act.case, actor, now)
        case Verb.SUBMIT:
            answer.submit(case, actor=actor, now=now)
        case Verb.RETURN:
            sealing.return_draft(case, act.text, actor=actor, now=now)
        case Verb.APPROVE:
            sealing.approve(case, actor=actor, now=now)
        case Verb.RELEASE:
            assert act.form is not None
            speaker = by_paper(case, office.people[act.speaker], office.people, now)
            said: dict[str, Any] = {"evidence": act.text, "stated": (Stated.MEASURES, Stated.RESULT)}
            said["library"] = decided(case, now)
            sealing.release(case, act.form, at=now, speaker=speaker, **said, actor=actor, now=now)
        case Verb.REFUSE:
            assert act.form is not None
            refusing.refuse(case, act.form, at=now, evidence=act.text, actor=actor, now=now)
        case Verb.WITHDRAW:
            answer.withdraw(case, act.text, actor=actor, now=now)
        case Verb.CLOSE:
            answer.close(case, act.text, actor=actor, now=now)
        case Verb.ARCHIVE:
            answer.archive(case, actor=actor, now=now)
        case _:
            raise AssertionError(act.verb)

"""How a case goes from desk to desk: who does what, one act after the other, in believable time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from pr_tracker.demo.asking import ON_PAPER, Asking
from pr_tracker.demo.cast import OFFICE, PROVINCE, REGISTRAR, Cast
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.plan import Act, Ending, Matter, Verb
from pr_tracker.demo.stories import HERE, Task, fill
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import KINDS_WITH_OWN_START, AnswerForm, Channel, Kind, Sensitivity
from pr_tracker.office_time import office_day, office_instant, write_day

# How long an act takes, beside the others.
WEIGHTS: dict[Verb, float] = {
    Verb.ASSIGN: 0.6,
    Verb.TAKE: 0.6,
    Verb.ASK: 0.8,
    Verb.ACCEPT: 0.8,
    Verb.DECLINE: 0.8,
    Verb.WATCH: 0.1,
    Verb.COORDINATE: 0.2,
    Verb.CONTRIBUTE: 1.6,
    Verb.COMMENT: 0.6,
    Verb.DRAFT: 3.0,
    Verb.SUBMIT: 0.2,
    Verb.RETURN: 1.6,
    Verb.APPROVE: 1.8,
    Verb.RELEASE: 0.8,
    Verb.REFUSE: 0.8,
    Verb.WITHDRAW: 3.0,
}
FORMS: dict[Kind, list[AnswerForm]] = {
    Kind.INTERVIEW: [AnswerForm.INTERVIEW],
    Kind.FOREIGN_INTERVIEW: [AnswerForm.INTERVIEW, AnswerForm.WRITTEN],
    Kind.INCIDENT: [AnswerForm.PORTAL, AnswerForm.WRITTEN, AnswerForm.INTERVIEW],
    Kind.DIVIDED_OPINION: [AnswerForm.PORTAL, AnswerForm.PRESS_CONFERENCE, AnswerForm.WRITTEN],
    Kind.QUESTION: [AnswerForm.WRITTEN] * 5
    + [AnswerForm.INTERVIEW] * 2
    + [AnswerForm.BRIEFING, AnswerForm.PORTAL, AnswerForm.PRESS_CONFERENCE],
}
Step = tuple[Verb, str, dict[str, Any]]


@dataclass
class Timeline:
    """Writes the acts of one case."""

    matter: Matter
    ending: Ending
    moment: datetime
    asking: Asking
    cast: Cast
    hours: Hours
    random: Random
    officer: str = ""
    tasks: list[Task] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.officer = self.cast.staff(self.matter.lead, self.random)
        for task in self.matter.story.tasks:
            code = self.matter.place.code if task.agency == HERE else task.agency
            if code != self.matter.lead and (self.random.random() < 0.75 or self.ending.quiet):
                self.tasks.append(Task(code, task.task, task.input_text))

    def acts(self) -> list[Act]:
        """From the logging to where the case stands at the moment of the demo."""
        logged_at = self._logged_at()
        may_log = not self.ending.quiet and self.matter.lead != OFFICE and self.ending.status is not Status.RECEIVED
        at_lead = may_log and self.random.random() < 0.22
        registrar = self.officer if at_lead else self._registrar()
        acts = [self._act(Verb.LOG, registrar, logged_at, agency=self.matter.lead if at_lead else "")]
        if self.random.random() < 0.5:
            acts.append(self._act(Verb.ACKNOWLEDGE, registrar, logged_at))
        steps = list(self._steps(assigned=at_lead, registrar=registrar))
        acts += self._in_time(steps, logged_at)
        return acts + self._afterwards(registrar)

    def _registrar(self) -> str:
        return REGISTRAR if self.ending.quiet else self.cast.staff(OFFICE, self.random)

    def _logged_at(self) -> datetime:
        """A call is put down while it lasts; a letter, an evening mail some time later."""
        spoken = self.matter.channel in (Channel.PHONE, Channel.IN_PERSON) or self.matter.kind in KINDS_WITH_OWN_START
        minutes = self.random.randint(2, 9) if spoken else self.random.randint(8, 50)
        latest = (self.ending.finish_at or self.moment) - timedelta(minutes=20)
        return max(self.matter.received_at, min(self.matter.received_at + timedelta(minutes=minutes), latest))

    def _steps(self, *, assigned: bool, registrar: str) -> Iterator[Step]:
        """Every act between the logging and the end, in order, without its time."""
        status, lead = self.ending.status, self.matter.lead
        if status is Status.RECEIVED or (status is Status.WITHDRAWN and self.random.random() < 0.3):
            yield from self._leave(registrar)
            return
        if not assigned:
            yield from self._assignment(registrar)
        yield from self._beginning(registrar)
        if status is Status.ASSIGNED or status in (Status.REFUSED, Status.WITHDRAWN):
            yield from self._leave(registrar)
            return
        yield from self._inputs()
        yield from self._drafting()
        if status in (Status.APPROVED, Status.ANSWERED):
            yield from self._approvals()
        elif status is Status.IN_REVIEW and self._needs_second() and self.matter.case % 2:
            yield Verb.APPROVE, self._approver(), {}  # waits for the province's leaders
        if status is Status.ANSWERED:
            yield self._release(lead)

    def _assignment(self, registrar: str) -> Iterator[Step]:
        """To the right agency; now and then to another one first, which asks the right one to take over."""
        lead, wrong = self.matter.lead, [task.agency for task in self.tasks if task.agency != PROVINCE]
        if wrong and not self.ending.quiet and self.random.random() < 0.06:
            reason = fill(self._one_of("ask_reason"), {"co_quan": self.cast.name(lead)})
            first = self.random.choice(wrong)
            yield Verb.ASSIGN, registrar, {"agency": first}
            yield Verb.ASK, self.cast.staff(first, self.random), {"agency": lead, "text": reason}
            yield Verb.ACCEPT, self.officer, {}
        else:
            yield Verb.ASSIGN, registrar, {"agency": lead}

    def _beginning(self, registrar: str) -> Iterator[Step]:
        """The officer takes the case, others are asked for their part or kept informed."""
        busy = self.ending.status is not Status.ASSIGNED
        if busy and self.random.random() < 0.7:
            yield Verb.TAKE, self.officer, {"agency": self.officer}
        asked = [task for task in self.tasks if task.agency != PROVINCE]
        if asked and not self.ending.quiet and self.random.random() < 0.04:
            task = asked[0]
            reason = fill(self._one_of("ask_reason"), {"co_quan": self.cast.name(task.agency)})
            yield Verb.ASK, self.officer, {"agency": task.agency, "text": reason}
            if busy:
                yield Verb.DECLINE, self.cast.staff(task.agency, self.random), {"text": self._one_of("decline_reason")}
            else:
                return
        for task in self.tasks:
            yield Verb.COORDINATE, self.officer, {"agency": task.agency, "text": task.task}
        taken = {self.matter.lead, OFFICE, *(task.agency for task in self.tasks)}
        if self.random.random() < 0.12 and "SVHTT" not in taken:
            yield Verb.WATCH, registrar, {"agency": "SVHTT"}

    def _leave(self, registrar: str) -> Iterator[Step]:
        """Refused or withdrawn; nothing for a case that simply waits."""
        if self.ending.status is Status.REFUSED:
            assert self.matter.story.refusal
            ground = self.ending.ground or self.matter.story.refusal[0]
            yield Verb.DRAFT, self.officer, {"text": self.matter.story.refusal[1], "ground": ground}
            yield Verb.SUBMIT, self.officer, {}
            yield from self._approvals()
            evidence = self.random.choice(self.asking.texts["evidence"][AnswerForm.WRITTEN])
            yield Verb.REFUSE, self.officer, {"form": AnswerForm.WRITTEN, "text": evidence}
        elif self.ending.status is Status.WITHDRAWN:
            yield Verb.WITHDRAW, registrar, {"text": self._one_of("withdraw_reason")}

    def _approvals(self) -> Iterator[Step]:
        """By a leader of the lead agency; then by the province's, where the matter needs it."""
        yield Verb.APPROVE, self._approver(), {}
        if self._needs_second():
            yield Verb.APPROVE, self.cast.leader(PROVINCE, self.random), {}

    def _needs_second(self) -> bool:
        extraordinary = self.matter.kind in KINDS_WITH_OWN_START
        return self.matter.lead != PROVINCE and (extraordinary or self.matter.sensitivity is Sensitivity.SENSITIVE)

    def _inputs(self) -> Iterator[Step]:
        waiting = self.ending.status is Status.DRAFTING
        for task in self.tasks:
            if self.random.random() < (0.5 if waiting else 0.92):
                sender = self.cast.staff(task.agency, self.random)
                yield Verb.CONTRIBUTE, sender, {"text": task.input_text}
        if self.random.random() < 0.35:
            remarks = [*self.matter.story.comments, *self.asking.texts["urging"]]
            yield Verb.COMMENT, self.officer, {"text": self.random.choice(remarks)}

    def _drafting(self) -> Iterator[Step]:
        """One version, or a vague one first that comes back with a reason."""
        status = self.ending.status
        returned = status is Status.RETURNED or (status is not Status.DRAFTING and self.random.random() < 0.36)
        vague = returned or (status is Status.DRAFTING and self.random.random() < 0.5)
        yield Verb.DRAFT, self.officer, {"text": "vague" if vague else "good"}
        if status is Status.DRAFTING:
            return
        yield Verb.SUBMIT, self.officer, {}
        if returned:
            yield Verb.RETURN, self._approver(), {"text": self.matter.story.returned}
        if returned and status is not Status.RETURNED:
            yield Verb.DRAFT, self.officer, {"text": "good"}
            yield Verb.SUBMIT, self.officer, {}

    def _release(self, lead: str) -> Step:
        forms = FORMS.get(self.matter.kind, [AnswerForm.WRITTEN])
        form = self.random.choice(forms)
        to_province = self.matter.kind is Kind.FOREIGN_INTERVIEW
        speaker = self.cast.head(PROVINCE) if to_province else self.cast.leader(lead, self.random)
        evidence = self.random.choice(self.asking.texts["evidence"][form])
        sender = self.officer if self.random.random() < 0.6 else self.cast.staff(OFFICE, self.random)
        return Verb.RELEASE, sender, {"form": form, "speaker": speaker, "text": evidence}

    def _approver(self) -> str:
        """The head; where the press desk's head is to see it, always."""
        return (
            self.cast.head(self.matter.lead) if self.ending.quiet else self.cast.leader(self.matter.lead, self.random)
        )

    def _in_time(self, steps: list[Step], logged_at: datetime) -> list[Act]:
        """The acts spread over the time there is; the last one of a finished case at its very minute."""
        weights = [WEIGHTS[verb] * self.random.uniform(0.6, 1.4) for verb, _, _ in steps]
        end = self.ending.finish_at or self.moment
        total = sum(weights) * (1 if self.ending.finish_at else self.random.uniform(1.08, 1.4))
        hurried = self.matter.kind in KINDS_WITH_OWN_START
        acts: list[Act] = []
        done = 0.0
        for (verb, actor, words), weight in zip(steps, weights, strict=True):
            done += weight
            at = self.hours.along(logged_at, end, min(done / total, 1), day_and_night=hurried)
            at = max(at, acts[-1].at if acts else logged_at)
            if self.ending.finish_at and len(acts) == len(steps) - 1:
                at = max(at, self.ending.finish_at)
            if verb is Verb.COORDINATE:
                words = words | {"due_at": self._input_due(at)}
            acts.append(self._act(verb, actor, at, **words))
        return [self._worded(act) for act in acts]

    def _input_due(self, at: datetime) -> datetime | None:
        """Hours for an event; half of a long term; else the agency's own internal term counts."""
        ends_at = self.matter.ends_at
        if self.matter.kind in KINDS_WITH_OWN_START:
            return max(at, min(at + timedelta(hours=5), ends_at)) + timedelta(minutes=5)
        if self.matter.kind in ON_PAPER and ends_at - at > timedelta(days=8):
            half = self.hours.working_day(office_day(at + (ends_at - at) / 2), 0)
            return office_instant(half, time(16))
        return None

    def _worded(self, act: Act) -> Act:
        """The blanks filled: the answer as it stands on that day."""
        if not act.text or act.verb in (Verb.ASK, Verb.DECLINE, Verb.WITHDRAW, Verb.RELEASE, Verb.REFUSE):
            return act
        checked = self.hours.working_day(office_day(self.matter.received_at) + timedelta(days=1), 0)
        if self.matter.kind in KINDS_WITH_OWN_START:
            checked = office_day(self.matter.received_at)
        blanks = self.matter.blanks | {"ngay_kiem_tra": f"ngày {write_day(min(checked, office_day(act.at)))}"}
        text = self._answer(act.text == "good") if act.verb is Verb.DRAFT and not act.ground else act.text
        return Act(**{**vars(act), "text": fill(text, blanks)})

    def _answer(self, good: bool) -> str:
        story, outlet = self.matter.story, self.cast.outlets[self.matter.outlet]
        words = {"bao": outlet.name, "co_quan": self.cast.name(self.matter.lead)}
        paragraphs = story.answer if good else (story.answer[0], story.vague)
        return "\n\n".join([fill(self.asking.texts["opening"], words), *paragraphs])

    def _afterwards(self, registrar: str) -> list[Act]:
        """Closed when nothing more is to come, archived later."""
        acts = []
        if self.ending.closed_at:
            acts.append(self._act(Verb.CLOSE, registrar, self.ending.closed_at, text=self._one_of("closing_note")))
        if self.ending.archived_at:
            acts.append(self._act(Verb.ARCHIVE, REGISTRAR, self.ending.archived_at))
        return acts

    def _one_of(self, name: str) -> str:
        return self.random.choice(self.asking.texts[name])

    def _act(self, verb: Verb, actor: str, at: datetime, **words: Any) -> Act:
        return Act(at=at, case=self.matter.case, verb=verb, actor=actor, **words)

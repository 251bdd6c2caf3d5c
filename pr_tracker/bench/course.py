"""How cases run: what the press asks when, who handles it, how long it takes, how it ends; chance decides."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from random import Random

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.bench.cast import Bureau, Cast, Who
from pr_tracker.bench.clocks import Clocks
from pr_tracker.bench.life import AS_FOLLOWS, OPENING, UNCONCLUDED, Box, Facts, needs_second, worked_span
from pr_tracker.bench.moments import DAY, EPOCH, WORKED, WorkingTime, office_day_of, written_day
from pr_tracker.bench.whole_life import STOPPED_FOR, WholeLife
from pr_tracker.bench.words import Matter, Phrase, Theme, joined, phrase
from pr_tracker.deadlines.rules_table import ClockKey
from pr_tracker.inquiries.rules_kinds import (
    KINDS_WITH_OWN_START,
    AnswerForm,
    Channel,
    Kind,
    RefusalGround,
    Urgency,
)

Act = tuple[int, Callable[[int], None]]
# Which kinds come how often, from which day on their clock is in the law.
SHARES: tuple[tuple[Kind, int, date], ...] = (
    (Kind.QUESTION, 52, date(2005, 1, 1)),
    (Kind.INTERVIEW, 18, date(2005, 1, 1)),
    (Kind.FORWARDED_OPINION, 9, date(2017, 1, 1)),
    (Kind.ANSWER_ON_PRESS, 5, date(2017, 1, 1)),
    (Kind.FORWARDED_COMPLAINT, 3, date(2017, 1, 1)),
    (Kind.FORWARDED_DENUNCIATION, 2, date(2017, 1, 1)),
    (Kind.INCIDENT, 4, date(2017, 3, 30)),
    (Kind.DIVIDED_OPINION, 3, date(2026, 7, 1)),
    (Kind.FOREIGN_INTERVIEW, 2, date(2012, 12, 20)),
    (Kind.FOREIGN_ACTIVITY, 2, date(2012, 12, 20)),
)
FOREIGN = frozenset({Kind.FOREIGN_INTERVIEW, Kind.FOREIGN_ACTIVITY})
ON_PAPER = FOREIGN | {
    Kind.ANSWER_ON_PRESS,
    Kind.FORWARDED_OPINION,
    Kind.FORWARDED_COMPLAINT,
    Kind.FORWARDED_DENUNCIATION,
}
SPOKEN_DOORS = (Channel.PHONE,) * 8 + (Channel.EMAIL,) * 7 + (Channel.IN_PERSON, Channel.SOCIAL_NETWORK)
PAPER_DOORS = (Channel.LETTER, Channel.LETTER, Channel.EMAIL, Channel.FORWARDED)
FORMS = (AnswerForm.WRITTEN,) * 6 + (AnswerForm.PORTAL,) * 2 + (AnswerForm.BRIEFING,)
LATE, REFUSED, WITHDRAWN, GIVEN_BACK, COORDINATED, ACKNOWLEDGED, TAKEN = 0.12, 0.04, 0.03, 0.15, 0.14, 0.3, 0.4
AT_LEAD, SENSITIVE, URGENT, WANTED = 0.35, 0.06, 0.08, 0.4
STOPPED, EXTENDED, PUBLISHED, KEPT = 0.03, 0.03, 0.1, 0.04


class Course:
    """Draws one case after the other."""

    def __init__(self, cast: Cast, themes: dict[Kind, list[Theme]], clocks: Clocks, work: WorkingTime, random: Random):
        self.cast, self.themes, self.clocks, self.work, self.random = cast, themes, clocks, work, random

    def one_of(self, choices: tuple | list) -> object:  # type: ignore[type-arg]
        """Any of them."""
        return choices[int(self.random.random() * len(choices))]

    def kind_on(self, day: int) -> Kind:
        """What is asked on a day; a kind the law did not know yet is a question."""
        drawn = self.random.random() * 100
        for kind, share, since in SHARES:
            drawn -= share
            if drawn < 0:
                return kind if (since - EPOCH).days <= day else Kind.QUESTION
        return Kind.QUESTION

    def place_words(self, place: Bureau, logged: int) -> dict[str, Phrase]:
        """What fills the blanks that place and day decide."""
        day, chance = office_day_of(logged), self.random
        promised = _said(day + 20 + int(chance.random() * 40))
        checked, before = _said(day + 1), _said(day - 1 - int(chance.random() * 5))
        return {
            "noi": place.place,
            "ubnd": place.name,
            "ap": self.one_of(place.hamlets),  # type: ignore[dict-item]
            "ngay_hen": promised,
            "ngay_kiem_tra": checked,
            "ngay_truoc": before,
            "nam": phrase(written_day(day)[:4]),
        }

    def facts(self, kind: Kind, theme: Theme, place: Bureau, logged: int, year: int, number: int) -> Facts:
        """Who asks, who handles it, by when it is due."""
        random, chance = self.random, self.random.random
        lead = place if theme.lead == "XA" else self.cast.by_code.get(theme.lead, place)
        intake = lead if chance() < AT_LEAD and lead.kind is not AgencyKind.PROVINCE else self.cast.office
        askers = self.cast.foreign if kind in FOREIGN and self.cast.foreign else self.cast.press
        asker = askers[int(len(askers) * chance() ** 2)]
        journalists = [asker.journalists[int(chance() * len(asker.journalists))]]
        if len(asker.journalists) > 1 and chance() < 0.1:
            journalists = asker.journalists[:2]
        own_start = kind in KINDS_WITH_OWN_START
        received = logged - (3 if own_start else 5 + int(chance() * 30))
        started = received - 20 - int(chance() * 60) if own_start else received
        urgency = Urgency.URGENT.value if own_start or chance() < URGENT else Urgency.NORMAL.value
        officer = lead.officer(random)
        return Facts(
            kind=kind,
            channel=self.one_of(PAPER_DOORS if kind in ON_PAPER else SPOKEN_DOORS),  # type: ignore[arg-type]
            urgency=urgency,
            sensitive=chance() < SENSITIVE,
            year=year,
            number=number,
            received=received,
            started=started,
            logged=logged,
            wanted=received + 60 * int(4 + chance() * 68) if chance() < WANTED else None,
            asker=asker,
            journalists=journalists,
            clock=self.clocks.clock(kind, started, lead.settings),
            lead=lead,
            intake=intake,
            registrar=officer if intake is lead else intake.officer(random),
            officer=officer,
        )

    def acts(self, life: WholeLife) -> Iterator[Act]:
        """Every act of a case from its logging to the archive, in order of time."""
        facts, chance = life.facts, self.random.random
        along = self._pace(facts)
        yield facts.logged, life.log
        if chance() < ACKNOWLEDGED:
            yield facts.logged, life.acknowledge
        ends = chance()
        if ends < WITHDRAWN / 3:
            yield along(0.5), life.withdraw
        else:
            yield (facts.logged if facts.intake is facts.lead else along(0.04)), life.assign
            yield from self._worked_on(life, along, ends)
        yield from self._afterwards(life, life.finished or along(1.0))

    def _pace(self, facts: Facts) -> Callable[[float], int]:
        """When the share of a case's own time has passed: in office hours, day and night where hours count."""
        chance = self.random.random
        speed = 1.02 + chance() ** 2 * 1.5 if chance() < LATE else 0.25 + 0.72 * chance() ** 0.8
        if facts.clock.due_on is None:
            span = (facts.clock.ends_at - facts.logged) * speed
            return lambda share: facts.logged + 4 + int(span * share)
        begun, span = self.work.until(facts.logged), worked_span(self.work, facts) * speed
        when = self.work.when
        return lambda share: max(when(begun + 3 + int(span * share)), facts.logged)

    def _worked_on(self, life: WholeLife, along: Callable[[float], int], ends: float) -> Iterator[Act]:
        chance = self.random.random
        if chance() < TAKEN:
            yield along(0.1), life.take
        if ends < WITHDRAWN:
            yield along(0.6), life.withdraw
            return
        if ends < WITHDRAWN + REFUSED:
            yield from self._refusal(life, along)
            return
        if self.clock_is_ours(life) and (drawn := chance()) < STOPPED + EXTENDED:
            if drawn < STOPPED:
                yield along(0.13), lambda at: life.pause(at, self.clocks)
                along = self._later(along, STOPPED_FOR * WORKED)
            else:
                yield along(0.13), lambda at: life.extend(at, self.clocks)
        tasks = life.matter.theme.tasks
        coordinated = bool(tasks) and chance() < COORDINATED
        if coordinated and (box := self._box(life, along)):
            yield along(0.15), lambda at: life.coordinate(at, box)
            if chance() < 0.93:
                yield along(0.4), life.contribute
        given_back = chance() < GIVEN_BACK
        yield along(0.5), lambda at: life.write(at, self.answer(life, good=not given_back))
        yield along(0.55), life.submit
        if given_back:
            yield along(0.65), life.give_back
            yield along(0.75), lambda at: life.write(at, self.answer(life, good=True))
            yield along(0.78), life.submit
        yield from self._approvals(life, along)
        form = self._form(life.facts.kind)
        yield along(1.0), lambda at: life.release(at, form)
        if chance() < KEPT:
            yield along(1.0), life.keep

    def clock_is_ours(self, life: WholeLife) -> bool:
        """Whether the term is the agency's own, which alone may be stopped and extended, and long enough for it."""
        facts = life.facts
        day_left = facts.clock.ends_at - facts.logged > 2 * DAY
        return facts.clock.key == ClockKey.INTERNAL_REPLY and day_left

    def _later(self, along: Callable[[float], int], worked: int) -> Callable[[float], int]:
        """The same pace, so many minutes of the office later."""
        return lambda share: self.work.when(self.work.until(along(share)) + worked)

    def _refusal(self, life: WholeLife, along: Callable[[float], int]) -> Iterator[Act]:
        ground, reason = life.matter.theme.refusal or ("unconcluded", UNCONCLUDED)
        life.ground = RefusalGround(ground)
        yield along(0.4), lambda at: life.write(at, phrase(reason), RefusalGround(ground))
        yield along(0.5), life.submit
        yield from self._approvals(life, along)
        yield along(1.0), life.refuse

    def _approvals(self, life: WholeLife, along: Callable[[float], int]) -> Iterator[Act]:
        if needs_second(life.facts):
            leader: Who = self.cast.province.head
            yield along(0.86), lambda at: life.approve(at, province=leader)
            yield along(0.93), lambda at: life.approve_above(at, leader)
        else:
            yield along(0.9), life.approve

    def _afterwards(self, life: WholeLife, finished: int) -> Iterator[Act]:
        """Closed when nothing more is to come, archived a month or three later."""
        chance = self.random.random
        if life.released and chance() < PUBLISHED:
            yield self.work.when(self.work.until(finished) + WORKED + 10), lambda at: life.publish(at, self.random)
        if chance() < 0.06:
            return
        worked = self.work.until(finished) + WORKED * (3 + int(self.random.random() * 7)) + 40
        yield self.work.when(worked), life.close
        yield self.work.when(worked + WORKED * (20 + int(self.random.random() * 40))), life.archive

    def _form(self, kind: Kind) -> AnswerForm:
        if kind in ON_PAPER:
            return AnswerForm.WRITTEN
        if kind is Kind.INTERVIEW:
            return AnswerForm.INTERVIEW
        return self.one_of(FORMS)  # type: ignore[return-value]

    def _box(self, life: WholeLife, along: Callable[[float], int]) -> Box | None:
        tasks = life.matter.theme.tasks
        code, task, template = tasks[int(self.random.random() * len(tasks))]
        other = self.one_of(self.cast.communes) if code == "XA" else self.cast.by_code.get(code)
        if not isinstance(other, Bureau) or other in (life.facts.lead, life.facts.intake, self.cast.province):
            return None
        return Box(other, task, template.fill(life.matter.blanks), along(0.45))

    def answer(self, life: WholeLife, *, good: bool) -> Phrase:
        """The answer: who answers whom, then paragraphs; a vague one first where it comes back."""
        theme, blanks = life.matter.theme, life.matter.blanks
        opening = joined((life.facts.lead.name, OPENING, life.facts.asker.name, AS_FOLLOWS))
        said = theme.answer[:2] if good else (theme.answer[0], theme.vague)
        return joined((opening, *(template.fill(blanks) for template in said)), "\n\n")


def live(course: Course, life: WholeLife) -> None:
    """Let the case run until now."""
    for at, act in course.acts(life):
        if at > life.now:
            break
        act(at)


def matter_fits(matter: Matter) -> bool:
    """Whether the subject is short enough to be stored."""
    return len(matter.subject.text) <= 300


@cache
def _said(day: int) -> Phrase:
    year, month, of_month = written_day(day).split("-")
    return phrase(f"ngày {of_month}/{month}/{year}")

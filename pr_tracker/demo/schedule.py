"""Which cases the demo has: some 360 that are done, forty on the desks, and what runs out when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.demo.asking import Asking
from pr_tracker.demo.cast import Cast
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.plan import Act, Ending, Matter, Plan
from pr_tracker.demo.timeline import Timeline
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import KINDS_WITH_OWN_START, Kind, RefusalGround, grounds_on
from pr_tracker.office_time import office_day, office_instant

MONTHS = 18
FOLLOW_UPS_IN = 28  # one inquiry in so many asks what became of another
ONE_HOUR = timedelta(hours=1)
KIND_SHARES: dict[Kind, int] = {
    Kind.QUESTION: 36,
    Kind.INTERVIEW: 13,
    Kind.FORWARDED_OPINION: 13,
    Kind.ANSWER_ON_PRESS: 6,
    Kind.INCIDENT: 6,
    Kind.DIVIDED_OPINION: 14,  # a question before the law knew the kind
    Kind.FORWARDED_COMPLAINT: 4,
    Kind.FORWARDED_DENUNCIATION: 3,
    Kind.FOREIGN_INTERVIEW: 3,
    Kind.FOREIGN_ACTIVITY: 2,
}


@dataclass(frozen=True)
class Desk:
    """A case that is open at the moment: how far it is, and when it runs out.

    `days` counts working days from today to the due day, below 0 for overdue; `hours` counts hours for hour clocks.
    """

    status: Status
    kind: Kind
    days: int = 0
    hours: int | None = None
    lead: str | None = None


K, S = Kind, Status
OPEN_CASES = (
    Desk(S.DRAFTING, K.QUESTION, -2, lead="SXD"),
    Desk(S.RETURNED, K.QUESTION, -1, lead="SGDDT"),
    Desk(S.IN_REVIEW, K.FORWARDED_OPINION, -3, lead="SCT"),
    Desk(S.IN_REVIEW, K.INCIDENT, hours=3, lead="SNNMT"),
    Desk(S.APPROVED, K.INCIDENT, hours=8, lead="SKHCN"),
    Desk(S.DRAFTING, K.INCIDENT, hours=11, lead="SYT"),
    Desk(S.APPROVED, K.QUESTION, 0, lead="SXD"),
    Desk(S.IN_REVIEW, K.FORWARDED_OPINION, 0, lead="SNNMT"),
    Desk(S.DRAFTING, K.INTERVIEW, 0, lead="SCT"),
    Desk(S.RETURNED, K.ANSWER_ON_PRESS, 0, lead="SXD"),
    Desk(S.ASSIGNED, K.DIVIDED_OPINION, hours=19),
    Desk(S.IN_REVIEW, K.QUESTION, 1, lead="SXD"),
    Desk(S.DRAFTING, K.QUESTION, 1, lead="SYT"),
    Desk(S.APPROVED, K.INTERVIEW, 1),
    Desk(S.DRAFTING, K.QUESTION, 1, lead="SDL"),
    Desk(S.ASSIGNED, K.FOREIGN_INTERVIEW, 3),
    Desk(S.DRAFTING, K.FOREIGN_ACTIVITY, 2),
    Desk(S.ASSIGNED, K.QUESTION, 2, lead="SXD"),
    Desk(S.DRAFTING, K.INTERVIEW, 2),
    Desk(S.ASSIGNED, K.QUESTION, 2, lead="SVHTT"),
    Desk(S.ASSIGNED, K.QUESTION, 3, lead="STP"),
    Desk(S.ASSIGNED, K.FORWARDED_DENUNCIATION, 4),
    Desk(S.DRAFTING, K.FORWARDED_COMPLAINT, 4),
    Desk(S.IN_REVIEW, K.FORWARDED_OPINION, 4, lead="SXD"),
    Desk(S.DRAFTING, K.FORWARDED_OPINION, 6, lead="SGDDT"),
    Desk(S.ASSIGNED, K.FORWARDED_COMPLAINT, 6),
    Desk(S.RETURNED, K.FORWARDED_OPINION, 7, lead="SNV"),
    Desk(S.DRAFTING, K.ANSWER_ON_PRESS, 8, lead="STC"),
    Desk(S.DRAFTING, K.FORWARDED_OPINION, 9, lead="SXD"),
    Desk(S.APPROVED, K.FORWARDED_OPINION, 10, lead="SVHTT"),
    Desk(S.ASSIGNED, K.FORWARDED_OPINION, 11, lead="STP"),
    Desk(S.IN_REVIEW, K.ANSWER_ON_PRESS, 12),
    Desk(S.DRAFTING, K.FORWARDED_OPINION, 13, lead="SXD"),
    Desk(S.ASSIGNED, K.ANSWER_ON_PRESS, 16, lead="TTT"),
)
# The last but so many of the done ones: too young for the archive, so that every state is there.
RECENT = {2: S.WITHDRAWN, 4: S.REFUSED}
# Logged just before the moment, not yet assigned: minutes ago.
JUST_LOGGED = ((K.QUESTION, 14), (K.QUESTION, 38), (K.INTERVIEW, 55), (K.FORWARDED_OPINION, 80), (K.QUESTION, 105))
# Answered shortly before the moment: minutes ago.
DONE_TODAY = ((K.QUESTION, 21), (K.INTERVIEW, 52), (K.QUESTION, 96))


class Schedule:
    """Makes the plan of one day; the same day gives the same plan."""

    def __init__(self, day: date, moment: datetime, calendar: WorkingCalendar, count: int) -> None:
        self.random, self.day, self.moment, self.count = Random(day.isoformat()), day, moment, count  # noqa: S311
        self.hours, self.cast = Hours(calendar), Cast()
        self.asking = Asking(self.cast, self.hours)
        self.matters: list[Matter] = []
        self.acts: list[Act] = []
        self.refused = 0
        self.answered: list[tuple[Matter, datetime]] = []

    def plan(self) -> Plan:
        """Every case, and every act in the order of time."""
        for desk in OPEN_CASES:
            self._add_open(desk)
        for kind, minutes in JUST_LOGGED:
            received_at = self._minute(self.moment - timedelta(minutes=minutes))
            self._add(self._matter(kind, received_at), Ending(Status.RECEIVED, quiet=True))
        for kind, minutes in DONE_TODAY:
            self._add_done_today(kind, minutes)
        follow_ups = self.count // FOLLOW_UPS_IN
        done = self.count - len(self.matters) - follow_ups
        for number in range(done):
            self._add_done(number, done)
        for _ in range(follow_ups):
            self._add_follow_up()
        in_order = sorted(enumerate(self.acts), key=lambda numbered: (numbered[1].at, numbered[0]))
        return Plan(tuple(self.matters), tuple(act for _, act in in_order))

    # --- what is on the desks -----------------------------------------------------------------------------

    def _add_open(self, desk: Desk) -> None:
        if desk.hours is not None:
            started_at = self._minute(self.moment - timedelta(hours=24 - desk.hours))
            received_at = min(started_at + timedelta(minutes=self.random.randint(15, 40)), self.moment)
            matter = self._matter(desk.kind, received_at, started_at=started_at, lead=desk.lead)
        else:
            matter = self._running_out(desk)
        self._add(matter, Ending(desk.status, quiet=True))

    def _running_out(self, desk: Desk) -> Matter:
        """Received on the latest day whose clock ends on the day wanted, or soon after it."""
        wanted = self.hours.working_day(self.day, desk.days)
        for back in range(70):
            received_at = self._call(self.day - timedelta(days=back))
            if received_at is None:
                continue
            matter = self._matter(desk.kind, received_at, lead=desk.lead)
            last = office_day(matter.ends_at - timedelta(minutes=1))
            if last <= wanted:
                return matter
            self.asking.forget(matter)
        raise AssertionError("no day of the last ten weeks leads there")

    def _call(self, day: date) -> datetime | None:
        """When somebody asks on a day: not at weekends, not after two hours before the moment."""
        if not self.hours.calendar.is_working_day(day):
            return None
        return min(self.hours.call(day, self.random), self._minute(self.moment - 2 * ONE_HOUR))

    # --- what is done -------------------------------------------------------------------------------------

    def _add_done_today(self, kind: Kind, minutes: int) -> None:
        finish_at = self._minute(self.moment - timedelta(minutes=minutes))
        received_at = self.hours.call(self.hours.working_day(self.day, -2), self.random)
        matter = self._matter(kind, min(received_at, finish_at - 3 * ONE_HOUR))
        self._add(matter, Ending(Status.ANSWERED, finish_at, quiet=True))

    def _add_done(self, number: int, of: int) -> None:
        """One of the cases of the past months, evenly over them."""
        received_at = self._some_time(number, of)
        kind = self.random.choices(list(KIND_SHARES), list(KIND_SHARES.values()))[0]
        status = self.random.choices([S.ANSWERED, S.REFUSED, S.WITHDRAWN], [89, 7, 4])[0]
        status = RECENT.get(of - number, status)
        grounds = grounds_on(office_day(received_at) + timedelta(days=60))  # the law of the day it is refused
        self.refused += status is S.REFUSED
        ground = grounds[self.refused % len(grounds)] if status is S.REFUSED else None
        matter = self._matter(kind, received_at, ground=ground)
        self._add_finished(matter, status, ground)
        if matter.kind is Kind.INCIDENT and self.random.random() < 0.35:
            self._add_others_who_ask(matter)

    def _some_time(self, number: int, of: int) -> datetime:
        first = self.day - timedelta(days=MONTHS * 30.5)
        span = (self.day - first).days - 8
        day = first + timedelta(days=span * (number + self.random.random()) / of)
        if self.random.random() < 0.93:
            day = self.hours.working_day(day, 0)
        return self.hours.call(day, self.random)

    def _add_others_who_ask(self, first: Matter) -> None:
        """Other papers ask about the same event within hours."""
        received_at = first.received_at + timedelta(minutes=self.random.randint(10, 90))
        if received_at < self.moment - 48 * ONE_HOUR:
            matter = self.asking.another_asks(len(self.matters), first, received_at, self.random)
            self._add_finished(matter, Status.ANSWERED, None)

    def _add_follow_up(self) -> None:
        """Some weeks after an answer the same paper asks again."""
        latest = self.moment - timedelta(days=20)
        old = [(matter, at) for matter, at in self.answered if at < latest and matter.parent is None]
        first, answered_at = self.random.choice(old)
        self.answered.remove((first, answered_at))
        day = office_day(answered_at) + timedelta(days=self.random.randint(10, 15))
        received_at = self.hours.call(self.hours.working_day(day, 0), self.random)
        matter = self.asking.follow_up(len(self.matters), first, office_day(answered_at), received_at, self.random)
        self._add_finished(matter, Status.ANSWERED, None)

    def _add_finished(self, matter: Matter, status: Status, ground: RefusalGround | None) -> None:
        finish_at = self._finish(matter)
        closed_at = self._later(finish_at, 2, 12, chance=0.9)
        archived_at = self._later(closed_at, 30, 110, chance=0.75) if closed_at else None
        self._add(matter, Ending(status, finish_at, closed_at, archived_at, ground))
        if status is Status.ANSWERED:
            self.answered.append((matter, finish_at))

    def _finish(self, matter: Matter) -> datetime:
        """In time as a rule, one in nine at the last hour, one in eight late."""
        chance, start, end = self.random.random(), matter.received_at, matter.ends_at
        hurried = matter.kind in KINDS_WITH_OWN_START
        if chance < 0.12:
            late = (
                timedelta(hours=self.random.choice([2, 5, 9])) if hurried else timedelta(days=self.random.randint(1, 8))
            )
            at = self.hours.along(end, end + late, self.random.uniform(0.3, 0.9), day_and_night=hurried)
        elif chance < 0.23:
            at = self.hours.along(start, end, self.random.uniform(0.97, 0.995), day_and_night=hurried)
        else:
            at = self.hours.along(start, end, self.random.uniform(0.35, 0.95), day_and_night=hurried)
        return min(max(at, start + 2 * ONE_HOUR), self._minute(self.moment - 26 * ONE_HOUR))

    def _later(self, after: datetime, least: int, most: int, *, chance: float) -> datetime | None:
        """A desk hour some days later, if that is past and happens at all."""
        days = self.random.randint(least, most)
        minute = self.random.randint(8 * 60, 10 * 60)
        day = self.hours.working_day(office_day(after) + timedelta(days=days), 0)
        at = office_instant(day, time(minute // 60, minute % 60))
        return at if self.random.random() < chance and at < self.moment - 24 * ONE_HOUR else None

    # --- all ----------------------------------------------------------------------------------------------

    def _matter(self, kind: Kind, received_at: datetime, **words) -> Matter:  # type: ignore[no-untyped-def]
        return self.asking.matter(len(self.matters), kind, received_at, self.random, **words)

    def _add(self, matter: Matter, ending: Ending) -> None:
        self.matters.append(matter)
        self.acts += Timeline(matter, ending, self.moment, self.asking, self.cast, self.hours, self.random).acts()

    @staticmethod
    def _minute(instant: datetime) -> datetime:
        return instant.replace(second=0, microsecond=0)


def plan_of(day: date, moment: datetime, calendar: WorkingCalendar, count: int = 400) -> Plan:
    """What the demo does up to a moment of a day; about `count` cases."""
    return Schedule(day, moment, calendar, count).plan()

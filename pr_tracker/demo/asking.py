"""What the press asks: a story, a place, who asks, through which door, and the clock that starts."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from pr_tracker.deadlines.rules import compute
from pr_tracker.deadlines.rules_terms import TermSettings
from pr_tracker.demo.cast import Cast
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.people import DemoAgency
from pr_tracker.demo.plan import Matter
from pr_tracker.demo.reading import read_toml
from pr_tracker.demo.stories import HERE, Story, demo_stories, fill
from pr_tracker.inquiries.rules_kinds import (
    CLOCK_KEYS,
    KINDS_WITH_OWN_START,
    NEW_PRESS_LAW_ON,
    Channel,
    Kind,
    RefusalGround,
    Sensitivity,
    Urgency,
)
from pr_tracker.office_time import in_office, office_day, write_day

FOREIGN = frozenset({Kind.FOREIGN_INTERVIEW, Kind.FOREIGN_ACTIVITY})
ON_PAPER = frozenset(
    {Kind.ANSWER_ON_PRESS, Kind.FORWARDED_OPINION, Kind.FORWARDED_COMPLAINT, Kind.FORWARDED_DENUNCIATION, *FOREIGN}
)
SPOKEN_DOORS = [Channel.PHONE] * 9 + [Channel.EMAIL] * 6 + [Channel.IN_PERSON, Channel.IN_PERSON]
OTHER_DOORS = [Channel.SOCIAL_NETWORK, Channel.SOCIAL_NETWORK, Channel.PRESS_CONFERENCE]
PAPER_DOORS = [Channel.LETTER, Channel.LETTER, Channel.EMAIL, Channel.FORWARDED]
SEASONS = ["Tết Nguyên đán"] * 2 + ["lễ 30/4"] * 2 + ["hè"] * 3 + ["nghỉ lễ 2/9"]
SEASONS += ["Tết Trung thu"] * 2 + ["cuối năm", "Tết Dương lịch"]
CROPS = ("Đông Xuân",) * 3 + ("Hè Thu",) * 5 + ("Thu Đông",) * 2 + ("Đông Xuân",) * 2
# Where a story plays that names no place: not on the small islands.
MAINLAND = ["RACHGIA", "VINHTHONG", "HATIEN", "TOCHAU", "ANPHU", "VINHHAU", "CHAUPHU", "MYDUC", "PHUTAN", "PHUQUOC"]
# Agencies that have set their own internal term, in working days.
OWN_TERMS = {"SYT": 2, "SNNMT": 5, "PHUQUOC": 4}


class Asking:
    """Makes matters; no two have the same subject."""

    def __init__(self, cast: Cast, hours: Hours) -> None:
        self.cast, self.hours = cast, hours
        self.stories = demo_stories()
        self.texts = read_toml("texts.toml")
        self._subjects: set[str] = set()

    def due(self, kind: Kind, started_at: datetime, lead: str) -> datetime:
        """When the clock of such an inquiry ends; an internal term is the lead agency's own."""
        terms = TermSettings(internal_reply=OWN_TERMS.get(lead, TermSettings.internal_reply))
        ends_at = compute(CLOCK_KEYS[kind], started_at, calendar=self.hours.calendar, settings=terms).ends_at
        assert ends_at is not None
        return ends_at

    def matter(
        self,
        case: int,
        kind: Kind,
        received_at: datetime,
        random: Random,
        *,
        started_at: datetime | None = None,
        lead: str | None = None,
        ground: RefusalGround | None = None,
    ) -> Matter:
        """An inquiry of a kind, of a story that fits the month, the lead agency and the ground of refusal, if given."""
        if kind is Kind.DIVIDED_OPINION and office_day(received_at) < NEW_PRESS_LAW_ON:
            kind = Kind.QUESTION
        fitting = self._fitting(kind, received_at, lead, ground)
        if kind not in fitting[0].kinds:
            kind = fitting[0].kinds[0]
        started_at = started_at or self._start(kind, received_at, random)
        for _ in range(60):
            story = random.choice(fitting)
            place = random.choice([here for here in self.cast.communes if here.code in (story.places or MAINLAND)])
            blanks = self._blanks(story, kind, place, started_at, received_at, random)
            subject = fill(random.choice(story.subjects), blanks)
            subject = subject[0].upper() + subject[1:]
            if subject not in self._subjects:
                break
        self._subjects.add(subject)
        leading = place.code if story.lead == HERE else story.lead
        outlet = random.choice(self.cast.outlets_abroad(kind in FOREIGN))
        most = len(story.questions)
        questions = story.questions[: random.randint(min(most, 2), most)]
        return Matter(
            case=case,
            story=story,
            kind=kind,
            place=place,
            lead=leading,
            outlet=outlet,
            journalists=self._journalists(outlet, random),
            channel=_door(kind, random),
            urgency=_urgency(kind, random),
            sensitivity=_sensitivity(kind, random),
            blanks=blanks,
            subject=subject,
            questions=tuple(fill(question, blanks) for question in questions),
            started_at=started_at,
            received_at=received_at,
            ends_at=self.due(kind, started_at, leading),
            wanted_at=_wanted(kind, received_at, random),
        )

    def forget(self, matter: Matter) -> None:
        """A matter that is not used after all."""
        self._subjects.discard(matter.subject)

    def another_asks(self, case: int, first: Matter, received_at: datetime, random: Random) -> Matter:
        """The same event, asked by another press agency a little later."""
        others = [outlet for outlet in self.cast.outlets_abroad(False) if outlet != first.outlet]
        outlet = random.choice(others)
        return replace(
            first,
            case=case,
            outlet=outlet,
            journalists=self._journalists(outlet, random),
            channel=_door(first.kind, random),
            questions=first.questions[: random.randint(1, len(first.questions))],
            received_at=received_at,
            wanted_at=_wanted(first.kind, received_at, random),
        )

    def follow_up(self, case: int, first: Matter, answered_on: date, received_at: datetime, random: Random) -> Matter:
        """The same press agency asks what became of it."""
        texts = self.texts["follow_up"]
        figures = {"phan_viec": str(random.randint(45, 90)), "so_ngay": str(random.randint(4, 21))}
        blanks = first.blanks | figures | {"ngay_tra_loi": _written(answered_on), "chu_de": first.subject}
        blanks |= self._days(received_at, received_at, Kind.QUESTION, random)
        story = replace(
            first.story,
            answer=(texts["answer"], first.story.answer[-1]),
            vague=texts["vague"],
            returned=texts["returned"],
            tasks=(),
        )
        return replace(
            first,
            case=case,
            story=story,
            kind=Kind.QUESTION,
            channel=random.choice(SPOKEN_DOORS),
            urgency=Urgency.NORMAL,
            sensitivity=Sensitivity.NORMAL,
            blanks=blanks,
            subject=fill(texts["subject"], blanks),
            questions=tuple(fill(question, blanks) for question in texts["questions"]),
            started_at=received_at,
            received_at=received_at,
            ends_at=self.due(Kind.QUESTION, received_at, first.lead),
            wanted_at=None,
            parent=first.case,
        )

    def _fitting(
        self, kind: Kind, received_at: datetime, lead: str | None, ground: RefusalGround | None
    ) -> list[Story]:
        month = in_office(received_at).month
        of_kind = [story for story in self.stories if kind in story.kinds]
        if ground is not None:
            refused = [story for story in self.stories if story.refusal and story.refusal[0] is ground]
            of_kind = [story for story in refused if kind in story.kinds] or refused[:1]
        timely = [story for story in of_kind if not story.months or month in story.months]
        return [story for story in timely if story.lead == lead] or timely

    def _start(self, kind: Kind, received_at: datetime, random: Random) -> datetime:
        """An event is known a while before a journalist asks; other clocks start on receipt."""
        if kind in KINDS_WITH_OWN_START:
            return received_at - timedelta(minutes=random.randint(20, 150))
        return received_at

    def _journalists(self, outlet: int, random: Random) -> tuple[int, ...]:
        everybody = range(len(self.cast.outlets[outlet].journalists))
        return tuple(sorted(random.sample(everybody, 2 if random.random() < 0.12 else 1)))

    def _blanks(
        self,
        story: Story,
        kind: Kind,
        place: DemoAgency,
        started_at: datetime,
        received_at: datetime,
        random: Random,
    ) -> dict[str, str]:
        month = in_office(received_at).month
        blanks = story.figures(random) | {
            "noi": place.place,
            "ap": random.choice(place.hamlets),
            "ubnd": place.name,
            "nam": str(in_office(received_at).year),
            "dip": SEASONS[month - 1],
            "vu": CROPS[month - 1],
        }
        if kind is Kind.INCIDENT:
            blanks["gio"] = str(in_office(started_at - timedelta(minutes=40)).hour)
        return blanks | self._days(started_at, received_at, kind, random)

    def _days(self, started_at: datetime, received_at: datetime, kind: Kind, random: Random) -> dict[str, str]:
        """Days that texts mention: before the question, the day of a check, a promise."""
        happened = office_day(started_at - timedelta(minutes=40))
        if kind is not Kind.INCIDENT:
            happened -= timedelta(days=random.randint(1, 6))
        promised = self.hours.working_day(office_day(received_at) + timedelta(days=random.randint(20, 60)), 0)
        return {"ngay_truoc": _written(happened), "ngay_hen": _written(promised)}


def _written(day: date) -> str:
    return f"ngày {write_day(day)}"


def _door(kind: Kind, random: Random) -> Channel:
    if kind in ON_PAPER:
        return random.choice(PAPER_DOORS)
    return random.choice(SPOKEN_DOORS + OTHER_DOORS)


def _urgency(kind: Kind, random: Random) -> Urgency:
    if kind in KINDS_WITH_OWN_START:
        return random.choice([Urgency.URGENT, Urgency.VERY_URGENT, Urgency.MOST_URGENT])
    return random.choice([Urgency.URGENT, Urgency.VERY_URGENT]) if random.random() < 0.08 else Urgency.NORMAL


def _sensitivity(kind: Kind, random: Random) -> Sensitivity:
    careful = {Kind.DIVIDED_OPINION, Kind.FORWARDED_DENUNCIATION}
    return Sensitivity.SENSITIVE if random.random() < (0.6 if kind in careful else 0.06) else Sensitivity.NORMAL


def _wanted(kind: Kind, received_at: datetime, random: Random) -> datetime | None:
    """The journalist's own deadline: an hour of the same day or of the days after."""
    if kind in ON_PAPER or random.random() < 0.55:
        return None
    return received_at.replace(minute=0) + timedelta(hours=random.choice([3, 4, 6, 24, 26, 48, 72]))

"""The office of a filled database: the demo's agencies and people, further communes, a large press register."""

from datetime import datetime, timedelta
from random import Random

from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.bench.words import SYLLABLES, words_of
from pr_tracker.deadlines import actions as terms
from pr_tracker.deadlines.rules_table import ClockKey
from pr_tracker.demo.asking import OWN_TERMS
from pr_tracker.demo.doing import Office
from pr_tracker.demo.outlets import demo_outlets
from pr_tracker.demo.people import DOMAIN
from pr_tracker.demo.province import set_up
from pr_tracker.demo.spokespersons import change_head
from pr_tracker.outlets import actions as register
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import JournalistFacts, OutletFacts, OutletKind
from pr_tracker.permissions import Role
from pr_tracker.text import fold

AGENCIES, OUTLETS = 60, 250
SURNAMES = words_of(
    "Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Lâm Mai Trương Tô Tăng Quách Châu"
)
PLACES: tuple[tuple[str, Role], ...] = (
    ("Chủ tịch UBND xã", Role.HEAD),
    ("Phó Chủ tịch UBND xã", Role.HEAD),
    ("Công chức Văn phòng - Thống kê", Role.STAFF),
    ("Công chức Văn hóa - Xã hội", Role.STAFF),
)
PRESS = {
    OutletKind.PRINT: "Báo {}",
    OutletKind.ONLINE: "Báo điện tử {}",
    OutletKind.RADIO: "Đài Tiếng nói {}",
    OutletKind.TELEVISION: "Đài Phát thanh và Truyền hình {}",
    OutletKind.MAGAZINE: "Tạp chí {}",
}


def found_office(password_hash: str, now: datetime, random: Random) -> None:
    """Agencies, people and the press register of an empty database, in its first days. The caller commits."""
    office = set_up(password_hash, now)
    change_head(office, now + timedelta(hours=1))
    _further_communes(office, password_hash, now, random)
    for code, days in OWN_TERMS.items():
        administrator = office.people["quantri"]
        terms.set_agency_term(office.agencies[code], ClockKey.INTERNAL_REPLY, days, actor=administrator, now=now)
    _press(office, now, random)


def _further_communes(office: Office, password_hash: str, now: datetime, random: Random) -> None:
    taken = {agency.name for agency in office.agencies.values()}
    while len(office.agencies) < AGENCIES:
        place = f"{random.choice(SYLLABLES)} {random.choice(SYLLABLES)}"
        name = f"Ủy ban nhân dân xã {place}"
        if name in taken:
            continue
        taken.add(name)
        code = f"XA{len(office.agencies)}"
        agency = accounts.add_agency(
            code=code,
            name=name,
            short_name=f"UBND xã {place}",
            kind=AgencyKind.COMMUNE,
            signing_form=SigningForm.COLLECTIVE,
            superior=office.agencies["UBND"],
            actor=None,
            now=now,
        )
        office.agencies[code] = agency
        for at, (title, role) in enumerate(PLACES):
            local = f"{fold(code)}{at}"
            office.people[local] = accounts.add_person(
                full_name=_person(random),
                email=f"{local}@{DOMAIN}",
                agency=agency,
                roles={role},
                actor=None,
                now=now,
                title=title,
                password_hash=password_hash,
            )
        accounts.name_head(agency, office.people[f"{fold(code)}0"], actor=None, now=now)


def _person(random: Random) -> str:
    """An invented name of four words."""
    return " ".join([random.choice(SURNAMES), *(random.choice(SYLLABLES) for _ in range(3))])


def _press(office: Office, now: datetime, random: Random) -> None:
    """The demo's press agencies, then as many more, each with one to three journalists."""
    registrar = office.people["vanthu"]
    taken: set[str] = set()
    for one in demo_outlets():
        facts = OutletFacts(one.name, one.kind, one.short_name, one.address, one.phone, one.email, one.website)
        outlet = register.add_outlet(facts, actor=registrar, now=now)
        taken.add(fold(one.name))
        _journalists(outlet, [each.full_name for each in one.journalists], registrar, now)
    while len(taken) < OUTLETS:
        kind = random.choice(tuple(PRESS))
        place = f"{random.choice(SYLLABLES)} {random.choice(SYLLABLES)}"
        name = PRESS[kind].format(place)
        if fold(name) in taken:
            continue
        taken.add(fold(name))
        facts = OutletFacts(name, kind, place, email=f"toasoan{len(taken)}@bao.example")
        outlet = register.add_outlet(facts, actor=registrar, now=now)
        _journalists(outlet, [_person(random) for _ in range(random.randint(1, 3))], registrar, now)


def _journalists(outlet: Outlet, names: list[str], registrar: object, now: datetime) -> list[Journalist]:
    known = [
        JournalistFacts(name, outlet.id, "", f"{outlet.id}-{at}/GGT", (now - timedelta(days=3)).date())
        for at, name in enumerate(names)
    ]
    return [register.add_journalist(facts, actor=registrar, now=now) for facts in known]  # type: ignore[arg-type]

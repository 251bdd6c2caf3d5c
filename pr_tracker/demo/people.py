"""The agencies of the demo province and the people in them, as people.toml has them."""

from collections import Counter
from dataclasses import dataclass

from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.demo.reading import cut, read_toml
from pr_tracker.permissions import Role
from pr_tracker.text import fold

DOMAIN = "angiang.example"
PASSWORD = "demo-press-desk"  # noqa: S105 - public on purpose, refused in production

# What the named accounts are; everybody else follows from their place in the agency.
ROLES: dict[str, frozenset[Role]] = {
    "vanthu": frozenset({Role.STAFF}),
    "chuyenvien": frozenset({Role.STAFF}),
    "lanhdao": frozenset({Role.HEAD}),
    "chutich": frozenset({Role.HEAD}),
    "daotao": frozenset({Role.TRAINER}),
    "giamsat": frozenset({Role.SUPERVISOR}),
    "quantri": frozenset({Role.ADMIN}),
}


@dataclass(frozen=True)
class DemoPerson:
    """Somebody invented; `local` is the part of the address before the @."""

    full_name: str
    title: str
    local: str
    roles: frozenset[Role]

    @property
    def email(self) -> str:
        return f"{self.local}@{DOMAIN}"


@dataclass(frozen=True)
class DemoAgency:
    """An agency with its people: the first is the head. `place` and `hamlets` only for communes."""

    code: str
    name: str
    short_name: str
    kind: AgencyKind
    people: tuple[DemoPerson, ...]
    place: str = ""
    hamlets: tuple[str, ...] = ()

    @property
    def signing_form(self) -> SigningForm:
        """People's committees sign for the collective, the others by their head."""
        collective = self.kind in (AgencyKind.PROVINCE, AgencyKind.COMMUNE)
        return SigningForm.COLLECTIVE if collective else SigningForm.HEAD

    @property
    def superior_code(self) -> str | None:
        """Everything stands below the province's committee."""
        return None if self.kind is AgencyKind.PROVINCE else "UBND"


def demo_agencies() -> list[DemoAgency]:
    """Every agency, the province first."""
    data = read_toml("people.toml")
    named = {full_name: local for local, full_name in data["sign_in"].items()}
    taken: Counter[str] = Counter(data["sign_in"])
    return [_agency(row, named, taken) for row in data["agency"]]


def _agency(row: dict, named: dict[str, str], taken: Counter[str]) -> DemoAgency:
    kind = AgencyKind(row["kind"])
    people = []
    for place, line in enumerate(row["people"]):
        title, full_name = cut(line, 2)
        local = named.get(full_name) or _local(full_name, taken)
        people.append(DemoPerson(full_name, title, local, ROLES.get(local) or _roles(kind, title, place)))
    return DemoAgency(
        code=row["code"],
        name=row["name"],
        short_name=row["short"],
        kind=kind,
        people=tuple(people),
        place=row.get("place", ""),
        hamlets=tuple(row.get("hamlets", ())),
    )


def _roles(kind: AgencyKind, title: str, place: int) -> frozenset[Role]:
    leads = place < 2 or title.startswith("Phó Chủ tịch")
    return frozenset({Role.HEAD if leads else Role.STAFF})


def _local(full_name: str, taken: Counter[str]) -> str:
    """The given name, then the initials of the rest: Nguyễn Đỗ Hạ Lam is lamndh, the next one lamndh2."""
    *rest, given = fold(full_name).split()
    local = given + "".join(word[0] for word in rest)
    taken[local] += 1
    return local if taken[local] == 1 else f"{local}{taken[local]}"

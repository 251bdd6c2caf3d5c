"""The press of the demo, as outlets.toml has it."""

from dataclasses import dataclass

from pr_tracker.demo.reading import cut, read_toml
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.text import fold


@dataclass(frozen=True)
class DemoJournalist:
    """An invented journalist; without a card there is a letter of introduction."""

    full_name: str
    press_card: str
    phone: str
    email: str


@dataclass(frozen=True)
class DemoOutlet:
    """An invented press agency with contacts that reach nobody."""

    name: str
    short_name: str
    kind: OutletKind
    address: str
    phone: str
    email: str
    website: str
    journalists: tuple[DemoJournalist, ...]


def demo_outlets() -> list[DemoOutlet]:
    """Every press agency of the demo."""
    return [_outlet(number, row) for number, row in enumerate(read_toml("outlets.toml")["outlet"], 1)]


def _outlet(number: int, row: dict) -> DemoOutlet:
    domain = fold(row["short"]).replace(" ", "-").replace("pt-th-", "") + ".example"
    journalists = tuple(
        DemoJournalist(name, card, f"0000 {number:03} {place:03}", f"pv{place}@{domain}")
        for place, (name, card) in enumerate((cut(line, 2) for line in row["journalists"]), 1)
    )
    return DemoOutlet(
        name=row["name"],
        short_name=row["short"],
        kind=OutletKind(row["kind"]),
        address=row["address"],
        phone=f"0000 {number:03} 000",
        email=f"toasoan@{domain}",
        website=f"https://{domain}",
        journalists=journalists,
    )

"""Who in the demo does what: staff, heads and deputies of each agency, and the press."""

from random import Random

from pr_tracker.demo.outlets import DemoOutlet, demo_outlets
from pr_tracker.demo.people import DemoAgency, demo_agencies
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Role

OFFICE = "VPUBND"
PROVINCE = "UBND"
REGISTRAR = "vanthu"


class Cast:
    """Everybody of the demo, found by their agency's code; people by the local part of their address."""

    def __init__(self) -> None:
        self.agencies: dict[str, DemoAgency] = {agency.code: agency for agency in demo_agencies()}
        self.outlets: list[DemoOutlet] = demo_outlets()
        self.communes = [agency for agency in self.agencies.values() if agency.place]

    def name(self, code: str) -> str:
        """The agency's full name."""
        return self.agencies[code].name

    def staff(self, code: str, random: Random) -> str:
        """Somebody who drafts; the press desk's own people come first in their agencies."""
        people = [person.local for person in self.agencies[code].people if Role.STAFF in person.roles]
        return people[0] if len(people) == 1 or random.random() < 0.6 else random.choice(people)

    def leader(self, code: str, random: Random) -> str:
        """The head, or less often a deputy."""
        people = [person.local for person in self.agencies[code].people if Role.HEAD in person.roles]
        return people[0] if random.random() < 0.6 else random.choice(people)

    def head(self, code: str) -> str:
        """The head."""
        return self.agencies[code].people[0].local

    def outlets_abroad(self, foreign: bool) -> list[int]:
        """The positions of the foreign bureaus, or of all the others."""
        kinds = [outlet.kind is OutletKind.FOREIGN_BUREAU for outlet in self.outlets]
        return [at for at, is_foreign in enumerate(kinds) if is_foreign is foreign]

"""Press agencies and their journalists: the kinds, what is kept of each, and what is heard of every change."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.text import fold

LONGEST_NAME = 200
LONGEST_JOURNALIST = 120
LONGEST_CARD = 40
LONGEST_PHONE = 60
LONGEST_KEY = 600  # compatibility letters may unfold to many


class OutletKind(StrEnum):
    """What a press agency publishes (Press Law 126/2025/QH15)."""

    PRINT = "print"  # báo in
    ONLINE = "online"  # báo điện tử
    RADIO = "radio"  # phát thanh
    TELEVISION = "television"  # truyền hình
    MAGAZINE = "magazine"  # tạp chí
    FOREIGN_BUREAU = "foreign_bureau"  # văn phòng thường trú báo chí nước ngoài


class OutletEvent(StrEnum):
    """What the audit log says of the press register."""

    OUTLET_ADD = "outlet:add"
    OUTLET_CHANGE = "outlet:change"
    OUTLET_RETIRE = "outlet:retire"
    OUTLET_RESTORE = "outlet:restore"
    JOURNALIST_ADD = "journalist:add"
    JOURNALIST_CHANGE = "journalist:change"
    JOURNALIST_RETIRE = "journalist:retire"
    JOURNALIST_RESTORE = "journalist:restore"
    JOURNALIST_READ = "journalist:read"


@dataclass(frozen=True)
class OutletFacts:
    """What is kept of a press agency: how it is named and how it is reached at work."""

    name: str
    kind: OutletKind
    short_name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True)
class JournalistFacts:
    """What is kept of a journalist: name, paper, work contacts; never an opinion (Law 91/2025/QH15)."""

    full_name: str
    outlet_id: int
    press_card: str = ""
    letter_number: str = ""
    letter_on: date | None = None
    phone: str = ""
    email: str = ""


def outlet_key(name: str) -> str:
    """What makes two names one press agency: the letters, whatever marks, capitals and spaces."""
    return fold(name)[:LONGEST_KEY]


def require_fitting(value: str, longest: int, *, field: str) -> str:
    """The value as it stands. Raises BadInput when it is empty or longer than the register takes."""
    if not value:
        raise BadInput(N_("Please fill this in."), field=field)
    return require_at_most(value, longest, field=field)


def require_at_most(value: str, longest: int, *, field: str) -> str:
    """The value as it stands, empty or not. Raises BadInput when it is longer than the register takes."""
    if len(value) > longest:
        raise BadInput(N_("This is longer than %(longest)s characters."), field=field, longest=longest)
    return value

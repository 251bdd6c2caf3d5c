"""What the demo will do, before anything is stored: cases with what they ask, and acts with who does them when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pr_tracker.demo.people import DemoAgency
from pr_tracker.demo.stories import Story
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, Channel, Kind, RefusalGround, Sensitivity, Urgency


class Verb(StrEnum):
    """The acts of the office that the demo knows, one per action."""

    LOG = "log"
    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    TAKE = "take"
    ASK = "ask"
    ACCEPT = "accept"
    DECLINE = "decline"
    WATCH = "watch"
    COORDINATE = "coordinate"
    CONTRIBUTE = "contribute"
    COMMENT = "comment"
    DRAFT = "draft"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    RELEASE = "release"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Matter:
    """What one inquiry asks, of whom, through which door."""

    case: int
    story: Story
    kind: Kind
    place: DemoAgency
    lead: str  # an agency's code
    outlet: int
    journalists: tuple[int, ...]
    channel: Channel
    urgency: Urgency
    sensitivity: Sensitivity
    blanks: dict[str, str]
    subject: str
    questions: tuple[str, ...]
    started_at: datetime
    received_at: datetime
    ends_at: datetime
    wanted_at: datetime | None = None
    parent: int | None = None


@dataclass(frozen=True)
class Ending:
    """How far a case gets by the moment of the demo; `finish_at` for those that leave the house."""

    status: Status
    finish_at: datetime | None = None
    closed_at: datetime | None = None
    archived_at: datetime | None = None
    ground: RefusalGround | None = None
    quiet: bool = False  # somebody else's mistake or request would hide what this case is to show


@dataclass(frozen=True)
class Act:
    """Somebody does something to a case. `agency` and `actor` by code and by local part of the address."""

    at: datetime
    case: int
    verb: Verb
    actor: str
    agency: str = ""
    text: str = ""
    due_at: datetime | None = None
    form: AnswerForm | None = None
    speaker: str = ""
    ground: RefusalGround | None = None


@dataclass(frozen=True)
class Plan:
    """All cases, and all acts in the order of time."""

    matters: tuple[Matter, ...]
    acts: tuple[Act, ...]

"""What the log says of data that was taken out as a whole, and what it is about."""

from dataclasses import dataclass
from enum import StrEnum


class ExportEvent(StrEnum):
    """What the audit log says: about whom somebody took out everything that is kept (Law 91/2025/QH15)."""

    PERSON = "export:person"
    JOURNALIST = "export:journalist"
    PARTICIPANT = "export:participant"
    AGENCY = "export:agency"


@dataclass(frozen=True)
class Taken:
    """How much was taken out."""

    rows: int
    files: int
    missing: int = 0  # files on record that were not in the store

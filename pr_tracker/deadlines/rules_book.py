"""All versions of all clocks, and which of them counts on a day."""

from dataclasses import dataclass
from datetime import date

from pr_tracker.deadlines.rules_table import VERSIONS, ClockVersion
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.office_time import write_day


@dataclass(frozen=True)
class RuleBook:
    """The versions of every clock; those of one clock never leave a day between them and never share one."""

    versions: tuple[ClockVersion, ...]

    def version_on(self, key: str, day: date) -> ClockVersion:
        """The version of a clock in force on a day. Raises NotFound (no such clock) or BadInput (none in force yet)."""
        versions = self.versions_of(key)
        found = next((version for version in versions if version.in_force_on(day)), None)
        if found is None:
            raise BadInput(
                N_("%(key)s has no version in force on %(day)s; the first one begins on %(first)s."),
                field="trigger_at",
                key=key,
                day=write_day(day),
                first=write_day(versions[-1].valid_from),
            )
        return found

    def versions_of(self, key: str) -> tuple[ClockVersion, ...]:
        """All versions of a clock, the newest first. Raises NotFound."""
        found = [version for version in self.versions if version.key == key]
        if not found:
            raise NotFound(N_("There is no clock named %(key)s."), key=key)
        return tuple(sorted(found, key=lambda version: version.valid_from, reverse=True))

    def version_with_code(self, code: str) -> ClockVersion:
        """The version a stored code names ("answer_on_press@2026-07-01"). Raises NotFound."""
        found = next((version for version in self.versions if version.code == code), None)
        if found is None:
            raise NotFound(N_("There is no clock named %(key)s."), key=code)
        return found


SHIPPED = RuleBook(VERSIONS)

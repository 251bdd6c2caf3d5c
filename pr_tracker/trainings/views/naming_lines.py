"""Many people at once: lines or an Excel sheet looked at, then the ticked ones taken; for trainers and for agencies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request

from pr_tracker.accounts.models import Agency
from pr_tracker.audit.actions import take_turn
from pr_tracker.errors import N_, BadInput
from pr_tracker.text import fold
from pr_tracker.trainings.forms.invitations import NamesForm
from pr_tracker.trainings.forms.sheet import EXCEL, lines_of_sheet
from pr_tracker.trainings.labels import DOUBTS, TROUBLES
from pr_tracker.trainings.queries.invitations import staff_of
from pr_tracker.trainings.queries.roster import agencies_by_name, known_on_roster
from pr_tracker.trainings.rules_roster import Colleague, Entry, Line, read_lines, recognise, weigh
from pr_tracker.web.files import sent_files


@dataclass
class Looked:
    """What the page shows of the lines, and, when they were sent to be taken, the entries that were ticked."""

    status: int = 200
    lines: list[Line] = field(default_factory=list)
    chosen: list[Entry] = field(default_factory=list)

    @property
    def shown(self) -> dict[str, Any]:
        """What the template needs."""
        good = [line for line in self.lines if not line.trouble and not line.doubt]
        return {
            "lines": self.lines,
            "doubts": DOUBTS,
            "troubles": TROUBLES,
            "doubtless": [line.number for line in good],
            "known": [line.number for line in good if line.known],
        }


def preview(form: NamesForm, class_id: int, *, agency: Agency | None = None) -> Looked:
    """The lines of a sent form, with what they mean; with an agency all are of it, and only its people are known.

    From here on nobody else puts people on rosters, until the request ends.
    """
    if not form.is_submitted():
        return Looked()
    if not form.validate():
        return Looked(422)
    try:
        has_sheet = _take_sheet(form)
        if not form.lines.data:
            raise BadInput(N_("Type or paste at least one line, or choose an Excel sheet."), field="lines")
        take_turn()
        lines = _looked_at(form.lines.data, class_id, agency)
        if has_sheet or request.form.get("act") != "save":
            return Looked(200, lines)
        return Looked(200, lines, _chosen(lines))
    except BadInput as refusal:
        form.add_problem(refusal)
        return Looked(422)
    except _Changed:
        form.add_problem(BadInput(N_("Since these lines were looked at, the roster or the list changed. Look again.")))
        return Looked(409, lines)
    except _NothingTicked:
        form.add_problem(BadInput(N_("Tick at least one line.")))
        return Looked(422, lines)


class _Changed(Exception):
    pass


class _NothingTicked(Exception):
    pass


def _take_sheet(form: NamesForm) -> bool:
    files = sent_files(form.sheet.data, types=EXCEL, field="sheet")
    if files:
        form.lines.data = lines_of_sheet(files[0][1])
        form.lines.raw_data = [form.lines.data]
        if not form.lines.data:
            raise BadInput(N_("There is nobody in the first sheet of this file."), field="sheet")
    return bool(files)


def _looked_at(text: str, class_id: int, agency: Agency | None) -> list[Line]:
    agencies = agencies_by_name() if agency is None else {}
    lines = []
    for line in read_lines(text):
        meant = agency or agencies.get(fold(line.entry.agency_name))
        if meant is not None:
            line = replace(line, entry=replace(line.entry, agency_id=meant.id, agency_name=meant.name))
        lines.append(line)
    staff = [Colleague(**dict(zip(_FACTS, row, strict=True))) for row in staff_of(agency.id if agency else None)]
    return weigh(recognise(lines, staff), known_on_roster(class_id, agency.id if agency else None))


_FACTS = ("person_id", "full_name", "title", "phone", "email", "agency_id")


def _chosen(lines: Sequence[Line]) -> list[Entry]:
    """The ticked lines that can be taken; none of them became doubtful since it was looked at."""
    taken, doubted = set(request.form.getlist("take")), set(request.form.getlist("doubted"))
    ticked = [line for line in lines if not line.trouble and str(line.number) in taken]
    if not ticked:
        raise _NothingTicked
    if any(line.doubt and str(line.number) not in doubted for line in ticked):
        raise _Changed
    return [line.entry for line in ticked]

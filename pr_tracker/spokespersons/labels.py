"""The register of spokespersons in words: what happened, as sentences."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.office_time import write_moment
from pr_tracker.spokespersons.rules import Speaker, SpokespersonEvent

SPOKESPERSON_EVENTS = {
    SpokespersonEvent.RECORD: _l("recorded the decision on a spokesperson"),
    SpokespersonEvent.END: _l("ended the decision on a spokesperson"),
    SpokespersonEvent.CORRECT: _l("corrected what is published of a spokesperson"),
    SpokespersonEvent.LINK: _l("said whose decision on a spokesperson it is"),
    SpokespersonEvent.SCAN: _l("added the scan of a decision on a spokesperson"),
    SpokespersonEvent.SCAN_READ: _l("took the scan of a decision on a spokesperson"),
}
GLYPHS = {
    SpokespersonEvent.RECORD: "person",
    SpokespersonEvent.END: "cross",
    SpokespersonEvent.CORRECT: "document",
    SpokespersonEvent.LINK: "person",
    SpokespersonEvent.SCAN: "document",
}
# The province's list goes by these groups.
GROUPS = (
    _l("People's Committee of the province and its office"),
    _l("Departments and inspectorate"),
    _l("Communes, wards and special zones"),
)
_GROUP_OF = {AgencyKind.PROVINCE: 0, AgencyKind.PROVINCE_OFFICE: 0, AgencyKind.DEPARTMENT: 1, AgencyKind.COMMUNE: 2}
FIELDS = {
    "full_name": _l("full name"),
    "title": _l("position"),
    "phone": _l("work phone"),
    "email": _l("official e-mail"),
    "decision_number": _l("number of the decision"),
}


def group_of(kind: AgencyKind) -> int:
    """The place in GROUPS of agencies of a kind."""
    return _GROUP_OF[kind]


def kind_words(speaker: Speaker) -> str:
    """As what somebody may speak besides the head."""
    return _("authorised person") if speaker.matter else _("permanent spokesperson")


def role_words(speaker: Speaker) -> str:
    """The position, and of an authorised person the matter and the term."""
    if speaker.matter is None or speaker.until_at is None:
        return speaker.title
    words = {"title": speaker.title, "matter": speaker.matter, "until": write_moment(speaker.until_at)}
    return _("%(title)s, authorised on: %(matter)s, until %(until)s", **words)


def happened(row: sa.Row) -> tuple[str, str]:
    """An entry of the audit log as a sentence of the history, and words quoted from it or ""."""
    event, data = SpokespersonEvent(row.event), row.data
    return _sentence(event, row.actor_name or _("The system"), data), str(data.get("reason") or "")


def _sentence(event: SpokespersonEvent, who: str, data: dict[str, Any]) -> str:
    words = {"who": who, "name": data["name"], "number": data["number"]}
    match event:
        case SpokespersonEvent.RECORD:
            return _("%(who)s recorded decision %(number)s: %(name)s is permanent spokesperson.", **words)
        case SpokespersonEvent.END:
            words |= {"at": write_moment(datetime.fromisoformat(data["at"])), "paper": data["end_number"]}
            if data["replaced_by"] == data["name"]:
                return _("By %(paper)s, %(name)s is assigned anew at %(at)s (recorded by %(who)s).", **words)
            if data["replaced_by"]:
                words["new"] = data["replaced_by"]
                return _("By %(paper)s, %(new)s takes the place of %(name)s at %(at)s (recorded by %(who)s).", **words)
            return _("%(who)s recorded that decision %(number)s on %(name)s ends at %(at)s by %(paper)s.", **words)
        case SpokespersonEvent.CORRECT:
            return _("%(who)s corrected %(what)s.", who=who, what=_corrections(data["changed"]))
        case SpokespersonEvent.LINK:
            return _("%(who)s said that decision %(number)s names %(person)s.", **words, person=data["person"])
        case SpokespersonEvent.SCAN:
            return _("%(who)s added the scan of decision %(number)s.", **words)
        case SpokespersonEvent.SCAN_READ:
            return _("%(who)s took the scan of decision %(number)s.", **words)


def _corrections(changed: dict[str, list[str]]) -> str:
    return ", ".join(
        _("%(field)s from “%(old)s” to “%(new)s”", field=FIELDS[name], old=old, new=new)
        for name, (old, new) in changed.items()
    )

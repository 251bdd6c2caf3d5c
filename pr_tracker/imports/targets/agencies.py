"""Agencies from a file: known by code, else by name; each stands below one that is on record or in an earlier row."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from pr_tracker.accounts import actions, queries
from pr_tracker.accounts.labels import AGENCY_KINDS, SIGNING_FORMS
from pr_tracker.accounts.models import Agency
from pr_tracker.accounts.rules import AgencyKind, SigningForm, makes_a_circle
from pr_tracker.db import db
from pr_tracker.errors import N_
from pr_tracker.imports.rules import Column, Given, Judged, Reason, Setting, judged
from pr_tracker.imports.targets.fields import Reader, Unsaid, changes_between
from pr_tracker.imports.targets.known import AGENCY, known_agencies
from pr_tracker.imports.targets.words import words_of
from pr_tracker.permissions import Permission
from pr_tracker.text import fold

NO_KIND = N_("Say what kind of agency it is: its name does not tell.")
BAD_CODE = N_("“%(typed)s”: use letters, digits and hyphens without spaces.")
CODE_MADE = N_("No code is given: %(code)s was made from the name.")
CODE_OF_ANOTHER = N_("The code %(code)s belongs to %(name)s.")
UNKNOWN_SUPERIOR = N_("No agency “%(typed)s” is on record, nor in an earlier row.")
CIRCLE = N_("An agency cannot stand below itself or one of its own units.")
RENAMED = N_("This code is on record for %(name)s: the row changes the name.")
CLOSED = N_("This agency is no longer in use. Put it in use again on its page first.")

_CODE = re.compile(r"[\w&./-]{1,30}")
_KINDS = {
    AgencyKind.PROVINCE: ("tỉnh", "cấp tỉnh", "ubnd tỉnh", "ủy ban nhân dân tỉnh"),
    AgencyKind.PROVINCE_OFFICE: ("văn phòng", "văn phòng ubnd tỉnh", "văn phòng ủy ban nhân dân tỉnh"),
    AgencyKind.DEPARTMENT: ("sở", "sở, ngành", "sở, thanh tra", "thanh tra", "ban", "sở ngành", "department"),
    AgencyKind.COMMUNE: (
        *("xã", "phường", "đặc khu", "cấp xã", "xã, phường, đặc khu", "xã, phường", "ubnd xã", "ubnd phường"),
        *("commune", "ward", "special zone"),
    ),
}
_FORMS = {
    SigningForm.HEAD: ("thủ trưởng", "chế độ thủ trưởng", "head"),
    SigningForm.COLLECTIVE: ("tập thể", "chế độ tập thể", "tm.", "tm", "thay mặt", "collective"),
}
_BEGINNINGS = (
    (("van phong ubnd tinh", "van phong uy ban nhan dan tinh"), AgencyKind.PROVINCE_OFFICE),
    (("ubnd tinh", "uy ban nhan dan tinh"), AgencyKind.PROVINCE),
    (("so ", "thanh tra", "ban "), AgencyKind.DEPARTMENT),
    (
        ("xa ", "phuong ", "dac khu ", "ubnd xa ", "ubnd phuong ", "ubnd dac khu ", "uy ban nhan dan "),
        AgencyKind.COMMUNE,
    ),
)
_FIELDS = ("code", "name", "short_name", "kind", "signing_form", "superior_id", "head_id", "active")


class Data(NamedTuple):
    """What a row says, and of which agency; of none: a new one. Its superior is named by code."""

    ident: int | None
    said: dict[str, Any]
    superior_code: str


class AgenciesTarget:
    """A list of agencies."""

    code = "agencies"
    label = _l("Agencies")
    hint = _l("One agency a row, each below an earlier row. A head is named afterwards, on the agency's page.")
    permission = Permission.ACCOUNT_MANAGE
    columns = (
        Column(
            "name",
            _l("Name"),
            ("tên", "tên cơ quan", "cơ quan", "tên đơn vị", "đơn vị", "cơ quan, đơn vị", "agency", "name"),
            required=True,
            example="Sở Y tế",
        ),
        Column("short_name", _l("Short name"), ("tên viết tắt", "viết tắt", "tên gọi tắt"), example="Sở Y tế"),
        Column("code", _l("Code"), ("mã", "mã cơ quan", "mã đơn vị", "mã định danh", "ký hiệu", "code"), example="SYT"),
        Column("kind", _l("Kind"), ("loại", "loại cơ quan", "cấp", "kind", "type"), example="sở"),
        Column(
            "superior",
            _l("Superior agency"),
            ("cơ quan cấp trên", "cấp trên", "cơ quan chủ quản", "trực thuộc", "thuộc", "superior"),
            example="UBND tỉnh",
        ),
        Column(
            "signing_form", _l("Signing form"), ("thể thức ký", "chế độ", "hình thức ký", "cách ký", "signing form")
        ),
    )

    def begin(self, setting: Setting) -> "AgenciesSession":
        """A pass through a list of agencies."""
        return AgenciesSession(setting)

    def known_names(self, what: str) -> Sequence[tuple[int, str]]:
        """Every agency."""
        return list(known_agencies(Unsaid()).by_id.items())

    def add_name(self, what: str, typed: str, setting: Setting) -> int | None:
        """The rows themselves put new agencies on record."""
        return None


class AgenciesSession:
    """One pass through a list of agencies."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        rows = db.session.execute(sa.select(Agency.id, *(getattr(Agency, name) for name in _FIELDS))).all()
        self._known = {row.id: row for row in rows}
        self._by_code = {row.code.casefold(): row.id for row in rows}
        self._by_name = {fold(row.name): row.id for row in rows}
        self._above = known_agencies(setting.names)
        self._kinds, self._forms = words_of(AGENCY_KINDS, _KINDS), words_of(SIGNING_FORMS, _FORMS)
        self._made: dict[int, str] = {}  # codes by the row they were made for
        self._codes = {fold(name): row.code for row in rows for name in (row.code, row.short_name, row.name)}
        self._superiors = {row.id: row.superior_id for row in rows}
        self._taken = {row.code.casefold() for row in rows}
        self._seen: dict[object, int] = {}

    def judge(self, rows: Sequence[Given]) -> list[Judged]:
        """What each row would do; a row may name one above it as its superior."""
        return [self._judge(row) for row in rows]

    def _judge(self, row: Given) -> Judged:
        read = Reader(row)
        given = {"name": read.text("name", 200, required=True), "short_name": read.text("short_name", 100)}
        given["code"] = read.text("code", 30).upper()
        kind = read.choice("kind", self._kinds, map(str, AGENCY_KINDS.values()))
        form = read.choice("signing_form", self._forms, map(str, SIGNING_FORMS.values()))
        if given["code"] and not _CODE.fullmatch(given["code"]):
            read.wrong.append(Reason(BAD_CODE, "code", {"typed": given["code"]}))
        if given["name"]:
            read.once(fold(given["name"]), self._seen, "name")
        if given["code"]:
            read.once(("code", given["code"].casefold()), self._seen, "code")
        superior = self._superior(read, given["name"])
        ident = self._meant(read, given["name"], given["code"])
        if ident is not None:
            return self._change(read, ident, given, kind, form, superior)
        kind = kind or self._kind_of_name(read, given["name"])
        if not given["code"] and given["name"]:
            given["code"] = self._made.setdefault(row.number, self._new_code(given["name"]))
            read.doubts.append(Reason(CODE_MADE, "code", {"code": given["code"]}))
        collective = kind in (AgencyKind.PROVINCE, AgencyKind.COMMUNE)
        form = form or (SigningForm.COLLECTIVE if collective else SigningForm.HEAD)
        facts = given | {"kind": kind, "signing_form": form, "short_name": given["short_name"] or given["name"][:100]}
        verdict = judged(row, wrong=read.wrong, doubts=read.doubts, data=Data(None, facts, superior))
        if not read.wrong:
            self._taken.add(given["code"].casefold())
            self._codes |= {fold(given[name]): given["code"] for name in ("name", "code", "short_name") if given[name]}
        return verdict

    def _meant(self, read: Reader, name: str, code: str) -> int | None:
        by_code, by_name = self._by_code.get(code.casefold()), self._by_name.get(fold(name))
        if by_code is not None and by_name is not None and by_code != by_name:
            params = {"code": code, "name": self._known[by_code].name}
            read.wrong.append(Reason(CODE_OF_ANOTHER, "code", params))
        elif by_code is not None and by_name is None and name:
            read.doubts.append(Reason(RENAMED, "name", {"name": self._known[by_code].name}))
        ident = by_name or by_code or self._setting.names.meant(AGENCY, name)
        if ident is not None and not self._known[ident].active:
            read.wrong.append(Reason(CLOSED, "name"))
        return ident

    def _superior(self, read: Reader, name: str) -> str:
        """The code of the superior, "" when none is named."""
        typed = read.text("superior", 200)
        code = self._codes.get(fold(typed), "")
        if typed and not code:
            meant = self._above.find(typed, "superior")
            if isinstance(meant, Reason):
                read.wrong.append(replace(meant, message=UNKNOWN_SUPERIOR))
            else:
                code = self._known[meant].code
        if typed and fold(typed) == fold(name):
            read.wrong.append(Reason(CIRCLE, "superior"))
        return code

    def _change(
        self,
        read: Reader,
        ident: int,
        given: dict[str, str],
        kind: AgencyKind | None,
        form: SigningForm | None,
        superior: str,
    ) -> Judged:
        known = self._known[ident]
        before = {name: getattr(known, name) for name in _FIELDS}
        said: dict[str, Any] = {name: value for name, value in given.items() if value}
        said |= {name: value for name, value in (("kind", kind), ("signing_form", form)) if value is not None}
        if said.get("code", "").casefold() == known.code.casefold():
            said["code"] = known.code
        facts = before | said
        own = self._known[known.superior_id].code if known.superior_id else ""
        above = self._by_code.get(superior.casefold())
        if above is not None and makes_a_circle(ident, above, self._superiors):
            read.wrong.append(Reason(CIRCLE, "superior"))
        elif above is not None:
            self._superiors[ident] = above
        changes = changes_between(
            self._in_words(before) | {"superior": own}, self._in_words(facts) | {"superior": superior or own}
        )
        data = Data(ident, said, superior)
        return judged(read.row, wrong=read.wrong, doubts=read.doubts, subject_id=ident, changes=changes, data=data)

    def _in_words(self, facts: dict[str, Any]) -> dict[str, str]:
        words = {name: facts[name] for name in ("code", "name", "short_name")}
        kinds = {"kind": AGENCY_KINDS[facts["kind"]], "signing_form": SIGNING_FORMS[facts["signing_form"]]}
        return words | {name: str(label) for name, label in kinds.items()}

    def _kind_of_name(self, read: Reader, name: str) -> AgencyKind | None:
        if read.row.text("kind"):
            return None  # said already why it is not understood
        folded = f"{fold(name)} "
        found = next((kind for beginnings, kind in _BEGINNINGS if folded.startswith(beginnings)), None)
        if found is None and name:
            read.wrong.append(Reason(NO_KIND, "kind"))
        return found

    def _new_code(self, name: str) -> str:
        """A code of the first letters of a name, with a number where another has it."""
        letters = "".join(word[0] for word in fold(name).split() if word[0].isalnum())[:20].upper() or "CQ"
        numbers = ("" if number == 1 else str(number) for number in range(1, 10_000))
        return next(f"{letters}{number}" for number in numbers if f"{letters}{number}".casefold() not in self._taken)

    def lock(self, rows: Sequence[Judged]) -> None:
        """Lock the agencies that these rows change."""
        idents = [row.subject_id for row in rows if row.subject_id is not None]
        query = sa.select(Agency.id).where(Agency.id.in_(idents)).order_by(Agency.id)
        db.session.execute(query.with_for_update(of=Agency, key_share=True))

    def write(self, rows: Sequence[Judged]) -> None:
        """Put the agencies on record, in the order of the file."""
        acting = {"actor": self._setting.actor, "now": self._setting.now}
        for ident, said, superior_code in (row.data for row in rows):
            superior = queries.find_agency_by_code(superior_code) if superior_code else None
            if ident is None:
                actions.add_agency(**said, superior=superior, **acting)
                db.session.flush()
                continue
            agency = queries.get_agency(ident, for_change=True)
            values = {name: getattr(agency, name) for name in _FIELDS} | said
            values |= {"superior_id": superior.id} if superior else {}
            actions.change_agency(agency, version=agency.version, **values, **acting)

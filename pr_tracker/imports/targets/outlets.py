"""Press agencies from a file: known by name without marks; what a file says of them is put on record."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from pr_tracker.db import db
from pr_tracker.errors import N_
from pr_tracker.imports.rules import Column, Given, Judged, Reason, Setting, judged
from pr_tracker.imports.targets.fields import Reader, Unsaid, changes_between
from pr_tracker.imports.targets.known import OUTLET, known_outlets
from pr_tracker.imports.targets.words import words_of
from pr_tracker.outlets import actions, queries
from pr_tracker.outlets.labels import OUTLET_KINDS
from pr_tracker.outlets.models import Outlet
from pr_tracker.outlets.rules import LONGEST_NAME, LONGEST_PHONE, OutletFacts, OutletKind, outlet_key
from pr_tracker.permissions import Permission
from pr_tracker.text import fold

KIND_GUESSED = N_("What it publishes is not said: taken from its name as “%(kind)s”.")
NO_KIND = N_("Say what it publishes: print, online, radio, television, magazine or foreign bureau.")
LIKE_ANOTHER = N_("A press agency with almost this name is on record: %(name)s.")
RETIRED = N_("It is retired: taking this row in puts it in use again.")

_WORDS = {
    OutletKind.PRINT: ("báo in", "báo giấy", "nhật báo", "báo tuần", "báo", "print", "newspaper"),
    OutletKind.ONLINE: ("báo điện tử", "điện tử", "báo mạng", "trang tin điện tử", "online", "online newspaper"),
    OutletKind.RADIO: ("phát thanh", "đài phát thanh", "báo nói", "radio"),
    OutletKind.TELEVISION: (
        *("truyền hình", "đài truyền hình", "báo hình", "phát thanh, truyền hình", "phát thanh và truyền hình"),
        *("phát thanh - truyền hình", "đài phát thanh và truyền hình", "pt-th", "television", "tv"),
    ),
    OutletKind.MAGAZINE: ("tạp chí", "tạp chí in", "tạp chí điện tử", "magazine"),
    OutletKind.FOREIGN_BUREAU: (
        *("văn phòng thường trú", "văn phòng báo chí nước ngoài", "báo chí nước ngoài", "báo nước ngoài"),
        *("văn phòng thường trú báo chí nước ngoài", "foreign bureau", "foreign press bureau", "foreign"),
    ),
}
# What the beginning of a name says; the first that fits.
_BEGINNINGS = (
    ("tap chi", OutletKind.MAGAZINE),
    ("dai tieng noi", OutletKind.RADIO),
    ("dai", OutletKind.TELEVISION),
    ("bao dien tu", OutletKind.ONLINE),
    ("bao", OutletKind.PRINT),
)
_COMMON = frozenset("bao dien tu tap chi dai online".split())  # noqa: SIM905 - words that tell no agency from another


class Data(NamedTuple):
    """What a row says, and of which agency; of none: a new one."""

    ident: int | None
    said: dict[str, Any]


class OutletsTarget:
    """A list of press agencies."""

    code = "outlets"
    label = _l("Press agencies")
    hint = _l("One press agency a row: its name, what it publishes, and how it is reached at work.")
    permission = Permission.OUTLET_EDIT
    columns = (
        Column(
            "name",
            _l("Press agency"),
            ("tên cơ quan báo chí", "cơ quan báo chí", "tên báo", "tên", "báo, đài", "outlet", "name"),
            required=True,
            example="Báo Đồng Bằng",
        ),
        Column("short_name", _l("Short name"), ("tên viết tắt", "viết tắt", "tên gọi tắt", "short name")),
        Column(
            "kind",
            _l("Kind"),
            ("loại", "loại hình", "loại hình báo chí", "thể loại", "type", "kind"),
            example="báo điện tử",
        ),
        Column("address", _l("Address"), ("địa chỉ", "trụ sở", "địa chỉ trụ sở", "address")),
        Column("phone", _l("Phone"), ("điện thoại", "số điện thoại", "sđt", "đt", "tel", "phone")),
        Column("email", _l("E-mail"), ("thư điện tử", "địa chỉ thư điện tử", "e-mail", "email", "hộp thư")),
        Column("website", _l("Website"), ("trang web", "trang thông tin điện tử", "web", "website", "tên miền")),
    )

    def begin(self, setting: Setting) -> "OutletsSession":
        """A pass through a list of press agencies."""
        return OutletsSession(setting)

    def known_names(self, what: str) -> Sequence[tuple[int, str]]:
        """Every press agency."""
        return list(known_outlets(Unsaid()).by_id.items())

    def add_name(self, what: str, typed: str, setting: Setting) -> int | None:
        """The rows themselves put new press agencies on record."""
        return None


class OutletsSession:
    """One pass through a list of press agencies."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        fields = [getattr(Outlet, name) for name in OutletFacts.__dataclass_fields__]
        rows = db.session.execute(sa.select(Outlet.id, Outlet.active, *fields)).all()
        self._known = {row.id: row for row in rows}
        self._by_key = {outlet_key(row.name): row.id for row in rows}
        self._by_core = {core: row.name for row in rows if row.active and (core := _core(row.name))}
        self._kinds = words_of(OUTLET_KINDS, _WORDS)
        self._seen: dict[object, int] = {}

    def judge(self, rows: Sequence[Given]) -> list[Judged]:
        """What each row would do."""
        return [self._judge(row) for row in rows]

    def _judge(self, row: Given) -> Judged:
        read = Reader(row)
        name = read.text("name", LONGEST_NAME, required=True)
        kind = read.choice("kind", self._kinds, map(str, OUTLET_KINDS.values()))
        given = {
            "short_name": read.text("short_name", 60),
            "address": read.text("address", 300),
            "phone": read.phone("phone", LONGEST_PHONE),
            "email": read.email("email"),
            "website": _web_address(read.text("website", 247)),
        }
        if name:
            read.once(outlet_key(name), self._seen, "name")
        ident = self._by_key.get(outlet_key(name)) or self._setting.names.meant(OUTLET, name)
        if ident is not None:
            return self._change(read, ident, given, kind)
        kind = kind or (None if row.text("kind") else self._guess(read, name))
        if not read.wrong and (like := self._by_core.get(_core(name))) is not None:
            read.doubts.append(Reason(LIKE_ANOTHER, "name", {"name": like}, OUTLET, name, (like,)))
        self._by_core.setdefault(_core(name) or name, name)
        data = Data(None, {"name": name, "kind": kind, **given})
        return judged(row, wrong=read.wrong, doubts=read.doubts, data=data)

    def _change(self, read: Reader, ident: int, given: dict[str, str], kind: OutletKind | None) -> Judged:
        known = self._known[ident]
        before = {name: getattr(known, name) for name in OutletFacts.__dataclass_fields__}
        said: dict[str, Any] = {name: value for name, value in given.items() if value}
        said |= {"kind": kind} if kind else {}
        facts = replace(OutletFacts(**before), **said)
        changes = changes_between(_in_words(OutletFacts(**before)), _in_words(facts))
        if not known.active:
            read.doubts.append(Reason(RETIRED, "name"))
            changes["name"] = (known.name, known.name)
        data = Data(ident, said)
        return judged(read.row, wrong=read.wrong, doubts=read.doubts, subject_id=ident, changes=changes, data=data)

    def _guess(self, read: Reader, name: str) -> OutletKind | None:
        kind = kind_of_name(name)
        if kind is None:
            read.wrong.append(Reason(NO_KIND, "kind"))
        else:
            read.doubts.append(Reason(KIND_GUESSED, "kind", {"kind": str(OUTLET_KINDS[kind])}))
        return kind

    def write(self, rows: Sequence[Judged]) -> None:
        """Put the agencies on record."""
        acting = {"actor": self._setting.actor, "now": self._setting.now}
        for ident, said in (row.data for row in rows):
            if ident is None:
                actions.add_outlet(OutletFacts(**said), **acting)
                continue
            outlet = queries.get_outlet(ident)
            actions.set_outlet_active(outlet, True, **acting)
            facts = OutletFacts(**{name: getattr(outlet, name) for name in OutletFacts.__dataclass_fields__})
            actions.change_outlet(outlet, replace(facts, **said), version=outlet.version, **acting)


def kind_of_name(name: str) -> OutletKind | None:
    """What a press agency publishes, as far as its name tells."""
    folded = fold(name)
    return next((kind for words, kind in _BEGINNINGS if folded.startswith(f"{words} ")), None)


def _in_words(facts: OutletFacts) -> dict[str, str]:
    return asdict(facts) | {"kind": str(OUTLET_KINDS[facts.kind])}


def _web_address(typed: str) -> str:
    return f"https://{typed}" if typed and "://" not in typed else typed


def _core(name: str) -> str:
    """What tells a press agency from others, whatever it calls itself."""
    return " ".join(word for word in fold(name).split() if word not in _COMMON)

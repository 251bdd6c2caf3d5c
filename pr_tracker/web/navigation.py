"""The sections of the masthead: what exists and what this reader may open."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g, request
from flask_login import current_user

from pr_tracker.db import rows_of
from pr_tracker.permissions import Permission

# How much waits for a person, as part of a statement: one of a few that are kept, with :reader and :agency as who asks.
Waiting = Callable[[Any], sa.ScalarSelect[int]]


@dataclass(frozen=True)
class Section:
    """One entry of the menu; `belongs` are the blueprints whose pages light it, `count` what waits there."""

    endpoint: str
    label: Any
    permission: Permission
    belongs: tuple[str, ...]
    count: Waiting | None = None


@dataclass(frozen=True)
class Link:
    """A section as this reader sees it."""

    url: str
    label: str
    current: bool
    count: int = 0


def install(app: Flask, sections: tuple[Section, ...]) -> None:
    """Make navigation() known to templates; sections whose feature is not there are an error at start."""
    for section in sections:
        if section.endpoint not in app.view_functions:
            raise LookupError(f"the menu names {section.endpoint}, which no view has")

    address: Any = app.jinja_env.globals["url_for"]  # each is built once

    def navigation() -> list[Link]:
        if not current_user.is_authenticated:
            return []
        if "navigation" not in g:  # a page has the menu twice
            g.navigation = [_link(section, address) for section in sections if current_user.may(section.permission)]
        links: list[Link] = g.navigation
        return links

    counted = {section.endpoint: section.count for section in sections if section.count}
    app.extensions.setdefault("waiting", {}).update(counted)
    app.jinja_env.globals["navigation"] = navigation


def waiting(name: str) -> int:
    """How much waits for the reader behind a section, or another counter of the frame: one statement for all."""
    if "waiting" not in g:
        counters: dict[str, Waiting] = current_app.extensions["waiting"]
        query = _all_of(*(count(current_user) for count in counters.values()))
        row = rows_of(query, {"reader": current_user.id, "agency": current_user.agency_id})[0]
        g.waiting = dict(zip(counters, row, strict=True))
    number: int = g.waiting[name]
    return number


@cache
def _all_of(*counts: sa.ScalarSelect[int]) -> sa.Select:
    return sa.select(*counts)


def _link(section: Section, address: Callable[[str], str]) -> Link:
    here = (request.blueprint or "") in section.belongs
    count = waiting(section.endpoint) if section.count else 0
    return Link(address(section.endpoint), str(section.label), here, count)

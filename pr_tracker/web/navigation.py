"""The sections of the masthead: what exists and what this reader may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_login import current_user

from pr_tracker.permissions import Permission


@dataclass(frozen=True)
class Section:
    """One entry of the menu; `belongs` are the blueprints whose pages light it, `count` what waits there."""

    endpoint: str
    label: Any
    permission: Permission
    belongs: tuple[str, ...]
    count: Callable[[Any], int] | None = None


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

    def navigation() -> list[Link]:
        if not current_user.is_authenticated:
            return []
        if "navigation" not in g:  # a page has the menu twice
            g.navigation = [_link(section) for section in sections if current_user.may(section.permission)]
        links: list[Link] = g.navigation
        return links

    app.jinja_env.globals["navigation"] = navigation


def _link(section: Section) -> Link:
    here = (request.blueprint or "") in section.belongs
    count = section.count(current_user) if section.count else 0
    return Link(url_for(section.endpoint), str(section.label), here, count)

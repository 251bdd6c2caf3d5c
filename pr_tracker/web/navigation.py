"""The sections of the masthead: what exists and what this reader may open."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from pr_tracker.permissions import Permission


@dataclass(frozen=True)
class Section:
    """One entry of the menu; `belongs` are the blueprints whose pages light it."""

    endpoint: str
    label: Any
    permission: Permission
    belongs: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A section as this reader sees it."""

    url: str
    label: str
    current: bool


def install(app: Flask, sections: tuple[Section, ...]) -> None:
    """Make navigation() known to templates; sections whose feature is not there are an error at start."""
    for section in sections:
        if section.endpoint not in app.view_functions:
            raise LookupError(f"the menu names {section.endpoint}, which no view has")

    def navigation() -> list[Link]:
        if not current_user.is_authenticated:
            return []
        return [
            Link(url_for(section.endpoint), str(section.label), (request.blueprint or "") in section.belongs)
            for section in sections
            if current_user.may(section.permission)
        ]

    app.jinja_env.globals["navigation"] = navigation

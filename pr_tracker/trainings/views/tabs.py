"""The sub-navigation of a class: what belongs to it, one page each; the factory lists them in their order."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from pr_tracker.permissions import Permission
from pr_tracker.web.navigation import Link


@dataclass(frozen=True)
class Tab:
    """A page of a class, whose route takes `class_id`; the pages of the blueprints `belongs` light it as well."""

    endpoint: str
    label: Any
    belongs: tuple[str, ...] = ()
    permission: Permission = Permission.TRAINING_VIEW


def install(app: Flask, tabs: tuple[Tab, ...]) -> None:
    """Make class_tabs(class_id) known to templates; a tab whose page is not there is an error at start."""
    for tab in tabs:
        if tab.endpoint not in app.view_functions:
            raise LookupError(f"the tabs of a class name {tab.endpoint}, which no view has")

    def class_tabs(class_id: int) -> list[Link]:
        return [_link(tab, class_id) for tab in tabs if current_user.may(tab.permission)]

    app.jinja_env.globals["class_tabs"] = class_tabs


def _link(tab: Tab, class_id: int) -> Link:
    here = request.endpoint == tab.endpoint or (request.blueprint or "") in tab.belongs
    return Link(url_for(tab.endpoint, class_id=class_id), str(tab.label), here)

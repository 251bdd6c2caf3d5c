"""Every route declares who may use it; what declares nothing is refused.

A view is tagged with `@requires(Permission.X)`, `@signed_in` or `@public`; one guard before each request asks the tag.
Which objects a reader may see is not decided here: queries find only what is visible, the rest is a 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pr_tracker.db import will_write
from pr_tracker.permissions import Permission

View = Callable[..., Any]
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Access:
    """Who may use a route: everybody, whoever is signed in, or holders of any of the permissions."""

    is_public: bool = False
    permissions: tuple[Permission, ...] = ()


def public(view: View) -> View:
    """No sign-in needed."""
    view.access = Access(is_public=True)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any signed-in person."""
    view.access = Access()  # type: ignore[attr-defined]
    return view


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Signed in, with at least one of the permissions."""

    def tag(view: View) -> View:
        view.access = Access(permissions=permissions)  # type: ignore[attr-defined]
        return view

    return tag


def only_reads(view: View) -> View:
    """A POST that changes nothing: it takes no write lock."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What an endpoint declares, or None."""
    tagged = getattr(app.view_functions.get(endpoint), "access", None)
    return tagged or app.extensions["declared_access"].get(endpoint)


def wants_json() -> bool:
    """Whether a script asked, not a page."""
    kinds = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(kinds, default="text/html") == "application/json"


def install(app: Flask) -> None:
    """Guard every request."""
    app.extensions["declared_access"] = {"static": Access(is_public=True), "bootstrap.static": Access(is_public=True)}
    app.before_request(_guard)
    app.teardown_request(_end)


def _end(_error: BaseException | None) -> None:
    will_write.set(True)


def _guard() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    will_write.set(request.method not in READING_METHODS and not getattr(view, "only_reads", False))
    if request.endpoint is None:
        return None  # a 404 or 405 of the routing itself
    access = access_of(current_app, request.endpoint)
    if access is None:
        abort(403)
    if access.is_public:
        return None
    if not current_user.is_authenticated:
        if request.method in READING_METHODS and not wants_json():
            target = request.full_path if request.query_string else request.path
            return redirect(url_for("security.login", next=target))
        abort(401)
    if access.permissions and not any(current_user.may(permission) for permission in access.permissions):
        abort(403)
    return None

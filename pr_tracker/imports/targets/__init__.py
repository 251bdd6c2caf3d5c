"""What can be taken in: one target for each kind of file, registered in the factory."""

from collections.abc import Mapping, Sequence

from flask import Flask, current_app

from pr_tracker.errors import N_, NotFound
from pr_tracker.imports import queries as queries
from pr_tracker.imports.rules import Target as Target
from pr_tracker.inquiries.queries import ledger as ledger


def install(app: Flask, targets: Sequence[Target]) -> None:
    """The kinds of files this installation takes in, in the order in which pages name them."""
    app.extensions["import_targets"] = {target.code: target for target in targets}


def all_targets() -> Mapping[str, Target]:
    """Every target by its code."""
    found: Mapping[str, Target] = current_app.extensions["import_targets"]
    return found


def get_target(code: str) -> Target:
    """The target of this code. Raises NotFound."""
    target = all_targets().get(code)
    if target is None:
        raise NotFound(N_("There is no such kind of list."))
    return target

"""Press agencies and journalists for tests."""

from itertools import count

from pr_tracker.outlets import actions
from pr_tracker.outlets.rules import JournalistFacts, OutletFacts, OutletKind
from tests.factories.accounts import NOW

_numbers = count(1)


def an_outlet(name=None, *, kind=OutletKind.PRINT, now=NOW, **facts):
    name = name or f"Báo Thử nghiệm {next(_numbers)}"
    return actions.add_outlet(OutletFacts(name=name, kind=kind, **facts), actor=None, now=now)


def a_journalist(full_name=None, *, outlet=None, now=NOW, **facts):
    outlet = outlet or an_outlet(now=now)
    full_name = full_name or f"Trần Phóng Viên {next(_numbers)}"
    return actions.add_journalist(
        JournalistFacts(full_name=full_name, outlet_id=outlet.id, **facts), actor=None, now=now
    )

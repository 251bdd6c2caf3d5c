"""The press register in words."""

from flask_babel import lazy_gettext as _l

from pr_tracker.outlets.rules import OutletEvent, OutletKind

OUTLET_KINDS = {
    OutletKind.PRINT: _l("Newspaper"),
    OutletKind.ONLINE: _l("Online newspaper"),
    OutletKind.RADIO: _l("Radio"),
    OutletKind.TELEVISION: _l("Television"),
    OutletKind.MAGAZINE: _l("Magazine"),
    OutletKind.FOREIGN_BUREAU: _l("Foreign press bureau"),
}

OUTLET_EVENTS = {
    OutletEvent.OUTLET_ADD: _l("added a press agency"),
    OutletEvent.OUTLET_CHANGE: _l("corrected a press agency"),
    OutletEvent.OUTLET_RETIRE: _l("retired a press agency"),
    OutletEvent.OUTLET_RESTORE: _l("put a press agency in use again"),
    OutletEvent.JOURNALIST_ADD: _l("added a journalist"),
    OutletEvent.JOURNALIST_CHANGE: _l("corrected a journalist"),
    OutletEvent.JOURNALIST_RETIRE: _l("retired a journalist and erased the contacts"),
    OutletEvent.JOURNALIST_RESTORE: _l("put a journalist in use again"),
    OutletEvent.JOURNALIST_READ: _l("read a journalist's contacts"),
}

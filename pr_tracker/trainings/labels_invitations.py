"""Invitations and answers in words."""

from flask_babel import lazy_gettext as _l

from pr_tracker.trainings.rules_invitations import InvitationEvent, Reply

REPLIES = {
    Reply.OPEN: _l("No answer yet"),
    Reply.CONFIRMED: _l("Confirmed"),
    Reply.APOLOGISED: _l("Apologised"),
    Reply.SUBSTITUTED: _l("Somebody else sent instead"),
}

INVITATION_EVENTS = {
    InvitationEvent.QUOTAS: _l("set quotas of a class"),
    InvitationEvent.ASK: _l("asked agencies to name people"),
    InvitationEvent.MOVE_UP: _l("moved somebody up from the waiting list"),
    InvitationEvent.SEAT: _l("gave somebody a place before their turn"),
    InvitationEvent.INVITE: _l("sent invitations"),
    InvitationEvent.LETTER: _l("printed invitations"),
    InvitationEvent.REPLY: _l("answered an invitation"),
    InvitationEvent.SESSION_APOLOGY: _l("apologised from a session"),
    InvitationEvent.SUBSTITUTE: _l("sent somebody else instead"),
}

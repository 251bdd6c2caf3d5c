"""What the chronology and the audit log say of an incident."""

from enum import StrEnum


class IncidentEvent(StrEnum):
    """Things that happen to an incident ("incident:thing:verb")."""

    OPEN = "incident:open"
    CHANGE = "incident:change"
    DETERMINE = "incident:determine"
    JOIN = "incident:inquiry:join"
    LEAVE = "incident:inquiry:leave"
    INVOLVE = "incident:agency:add"
    RELIEVE = "incident:agency:end"
    DRAFT = "incident:statement:draft"
    SUBMIT = "incident:statement:submit"
    RETURN = "incident:statement:return"
    APPROVE = "incident:statement:approve"
    RELEASE = "incident:statement:release"
    SHIFT_ADD = "incident:shift:add"
    SHIFT_END = "incident:shift:end"
    TASK_ADD = "incident:task:add"
    TASK_DONE = "incident:task:done"
    TASK_DROP = "incident:task:drop"
    NOTE = "incident:note"
    CLOSE = "incident:close"
    REOPEN = "incident:reopen"
    DEADLINE_MOVE = "incident:deadline:move"
    PRINT = "incident:chronology:print"
    AUTHORISE = "incident:authority:give"
    REVOKE_AUTHORITY = "incident:authority:revoke"


# Who printed the chronology is in the audit log; it is not part of what happened.
NOT_IN_CHRONOLOGY = frozenset({IncidentEvent.PRINT})

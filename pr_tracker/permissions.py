"""Who may do what: roles, permissions ("thing:part:verb") and the one table that joins them (domain.md §2)."""

from enum import StrEnum
from functools import cache


class Role(StrEnum):
    """A person's roles; one person may have several."""

    STAFF = "staff"  # chuyên viên
    HEAD = "head"  # lãnh đạo: heads and deputies
    TRAINER = "trainer"  # cán bộ đào tạo
    SUPERVISOR = "supervisor"  # giám sát
    ADMIN = "admin"  # quản trị


class Permission(StrEnum):
    """What a role allows in general; which objects it covers is the queries' question."""

    INQUIRY_VIEW = "inquiry:view"
    INQUIRY_LOG = "inquiry:log"
    INQUIRY_ASSIGN = "inquiry:assign"
    INQUIRY_DRAFT = "inquiry:answer:draft"
    INQUIRY_APPROVE = "inquiry:answer:approve"
    INQUIRY_RELEASE = "inquiry:answer:release"
    INQUIRY_CLOSE = "inquiry:close"
    INQUIRY_COMMENT = "inquiry:comment"
    INQUIRY_ATTACH = "inquiry:attachment:add"
    OUTLET_VIEW = "outlet:view"
    OUTLET_EDIT = "outlet:edit"
    DEADLINE_VIEW = "deadline:view"
    DEADLINE_TERMS_EDIT = "deadline:terms:edit"
    DEADLINE_RULES_EDIT = "deadline:rules:edit"
    DEADLINE_SHARES_EDIT = "deadline:shares:edit"  # heads: of their own agency only
    DEADLINE_CALENDAR_EDIT = "deadline:calendar:edit"
    SPOKESPERSON_VIEW = "spokesperson:view"
    SPOKESPERSON_RECORD = "spokesperson:decision:record"
    DUTY_VIEW = "duty:view"
    DUTY_DO = "duty:do"
    INCIDENT_VIEW = "incident:view"
    INCIDENT_DO = "incident:do"
    TRAINING_VIEW = "training:view"
    TRAINING_EDIT = "training:edit"
    TRAINING_NOMINATE = "training:nominate"  # people of their own agency, for a class with a place for them
    STATEMENT_VIEW = "statement:view"
    STATEMENT_EDIT = "statement:edit"  # of their own agency; the province's office: of all
    AUTHORITY_VIEW = "authority:view"
    AUTHORITY_GRANT = "authority:grant"  # the head alone: refused for every other leader
    REPORT_VIEW = "report:view"
    PAPER_VIEW = "paper:view"  # of their own agency, of the kinds whose source they see
    PAPER_WITHDRAW = "paper:withdraw"
    PAPER_SIGN = "paper:sign"  # with the province's certificate: in its office only
    AGENCY_FILE = "agency:file:export"  # of their own agency; leaders of the province and its office: of all
    ACCOUNT_MANAGE = "account:manage"
    AUDIT_VIEW = "audit:view"
    HEALTH_VIEW = "health:view"
    NOTICE_SENT_VIEW = "notice:sent:view"


P = Permission

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: frozenset(
        {
            P.INQUIRY_VIEW,
            P.INQUIRY_LOG,
            P.INQUIRY_ASSIGN,
            P.INQUIRY_DRAFT,
            P.INQUIRY_APPROVE,  # refused without the head's authority in that matter
            P.INQUIRY_RELEASE,
            P.AUTHORITY_VIEW,
            P.INQUIRY_CLOSE,
            P.INQUIRY_COMMENT,
            P.INQUIRY_ATTACH,
            P.OUTLET_VIEW,
            P.OUTLET_EDIT,
            P.DEADLINE_VIEW,
            P.SPOKESPERSON_VIEW,
            P.SPOKESPERSON_RECORD,
            P.DUTY_VIEW,
            P.DUTY_DO,
            P.STATEMENT_VIEW,
            P.STATEMENT_EDIT,
            P.INCIDENT_VIEW,
            P.INCIDENT_DO,
            P.TRAINING_NOMINATE,
            P.REPORT_VIEW,
            P.PAPER_VIEW,
            P.PAPER_WITHDRAW,
            P.PAPER_SIGN,
        }
    ),
    Role.HEAD: frozenset(
        {
            P.INQUIRY_VIEW,
            P.INQUIRY_LOG,
            P.INQUIRY_ASSIGN,
            P.INQUIRY_DRAFT,
            P.INQUIRY_APPROVE,
            P.INQUIRY_RELEASE,
            P.AUTHORITY_VIEW,
            P.AUTHORITY_GRANT,
            P.INQUIRY_CLOSE,
            P.INQUIRY_COMMENT,
            P.INQUIRY_ATTACH,
            P.OUTLET_VIEW,
            P.OUTLET_EDIT,
            P.DEADLINE_VIEW,
            P.DEADLINE_SHARES_EDIT,
            P.SPOKESPERSON_VIEW,
            P.SPOKESPERSON_RECORD,
            P.DUTY_VIEW,
            P.DUTY_DO,
            P.STATEMENT_VIEW,
            P.STATEMENT_EDIT,
            P.INCIDENT_VIEW,
            P.INCIDENT_DO,
            P.TRAINING_NOMINATE,
            P.REPORT_VIEW,
            P.PAPER_VIEW,
            P.PAPER_WITHDRAW,
            P.PAPER_SIGN,
            P.AGENCY_FILE,
        }
    ),
    Role.TRAINER: frozenset({P.TRAINING_VIEW, P.TRAINING_EDIT, P.PAPER_VIEW, P.PAPER_WITHDRAW}),
    Role.SUPERVISOR: frozenset(
        {
            P.INQUIRY_VIEW,
            P.OUTLET_VIEW,
            P.SPOKESPERSON_VIEW,
            P.DEADLINE_VIEW,
            P.DUTY_VIEW,
            P.INCIDENT_VIEW,
            P.STATEMENT_VIEW,
            P.REPORT_VIEW,
            P.TRAINING_VIEW,
            P.AUTHORITY_VIEW,
            P.PAPER_VIEW,
        }
    ),
    Role.ADMIN: frozenset(
        {
            P.ACCOUNT_MANAGE,
            P.SPOKESPERSON_VIEW,
            P.DEADLINE_VIEW,
            P.DEADLINE_TERMS_EDIT,
            P.DEADLINE_RULES_EDIT,
            P.DEADLINE_CALENDAR_EDIT,
            P.HEALTH_VIEW,
            P.DEADLINE_SHARES_EDIT,
            P.AUDIT_VIEW,
            P.NOTICE_SENT_VIEW,
        }
    ),
}


def granted(roles: frozenset[Role] | set[Role]) -> frozenset[Permission]:
    """All permissions of a set of roles together."""
    return _granted(frozenset(roles))


@cache
def _granted(roles: frozenset[Role]) -> frozenset[Permission]:
    return frozenset().union(*(GRANTS[role] for role in roles))

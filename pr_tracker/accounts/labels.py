"""Agencies, people, roles and what happens to them, in words."""

from flask_babel import lazy_gettext as _l

from pr_tracker.accounts.rules import AccountEvent, AgencyKind, SigningForm
from pr_tracker.permissions import Role

AGENCY_KINDS = {
    AgencyKind.PROVINCE: _l("People's Committee of the province"),
    AgencyKind.PROVINCE_OFFICE: _l("Office of the People's Committee of the province"),
    AgencyKind.DEPARTMENT: _l("Department or inspectorate"),
    AgencyKind.COMMUNE: _l("Commune, ward or special zone"),
}

SIGNING_FORMS = {
    SigningForm.HEAD: _l("By the head in their own right"),
    SigningForm.COLLECTIVE: _l("On behalf of the collective (TM.)"),
}

ROLES = {
    Role.STAFF: _l("Officer"),
    Role.HEAD: _l("Leader"),
    Role.TRAINER: _l("Trainer"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.ADMIN: _l("Administrator"),
}

ACCOUNT_EVENTS = {
    AccountEvent.AGENCY_ADD: _l("added an agency"),
    AccountEvent.AGENCY_CHANGE: _l("changed an agency"),
    AccountEvent.PERSON_ADD: _l("added a person"),
    AccountEvent.PERSON_CHANGE: _l("changed a person"),
    AccountEvent.PERSON_ROLES: _l("changed a person's roles"),
    AccountEvent.PREFERENCES: _l("changed their own settings"),
    AccountEvent.SIGN_IN: _l("signed in"),
    AccountEvent.SIGN_IN_FAILED: _l("sign-in failed"),
    AccountEvent.LOCKED_OUT: _l("sign-in closed after repeated failures"),
    AccountEvent.UNLOCKED: _l("opened sign-in again for a person"),
    AccountEvent.LINK_SENT: _l("sent a link to set a password"),
    AccountEvent.PASSWORD_CHANGE: _l("changed a password"),
    AccountEvent.PASSWORD_RESET: _l("set a new password through a link"),
    AccountEvent.AUTHENTICATOR_ON: _l("set up the authenticator app"),
    AccountEvent.AUTHENTICATOR_OFF: _l("turned the authenticator app off"),
    AccountEvent.RECOVERY_CODES: _l("made recovery codes"),
    AccountEvent.PASSKEY_ADD: _l("added a passkey"),
    AccountEvent.PASSKEY_REMOVE: _l("removed a passkey"),
    AccountEvent.SIGN_IN_STEPS_RESET: _l("reset a person's sign-in steps"),
    AccountEvent.SESSIONS_END: _l("signed out on all devices"),
    AccountEvent.ABSENCE_ENTER: _l("entered an absence and its substitute"),
    AccountEvent.ABSENCE_END: _l("ended an absence early"),
}

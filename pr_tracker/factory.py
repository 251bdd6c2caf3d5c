"""create_app(): settings, extensions, features and menu, in one visible list."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from pr_tracker import cli, config
from pr_tracker.accounts import security as accounts_security
from pr_tracker.accounts import views as accounts
from pr_tracker.accounts import views_sign_in as sign_in
from pr_tracker.accounts.labels import ACCOUNT_EVENTS
from pr_tracker.assessments.labels import ASSESSMENT_EVENTS
from pr_tracker.assessments.views import feedback, marks, own, papers, taking
from pr_tracker.assessments.views import tests as assessments
from pr_tracker.audit import views as audit
from pr_tracker.audit.labels import name_doers, name_events
from pr_tracker.audit.queries import last_number
from pr_tracker.background import huey
from pr_tracker.backups.labels import BACKUP_EVENTS
from pr_tracker.certificates.labels import CERTIFICATE_EVENTS
from pr_tracker.certificates.views import checking as certificate_check
from pr_tracker.certificates.views import issuing as certificates
from pr_tracker.certificates.views import layouts as certificate_layouts
from pr_tracker.db import db
from pr_tracker.deadlines import views as deadlines
from pr_tracker.deadlines import views_acts as clocks
from pr_tracker.deadlines import views_calendar as calendar
from pr_tracker.deadlines import views_plan as plans
from pr_tracker.deadlines import views_rules as rules
from pr_tracker.deadlines.labels import EVENTS as DEADLINE_EVENTS
from pr_tracker.deadlines.labels_names import CLOCKS
from pr_tracker.deadlines.rules_rerun import ClockHolder
from pr_tracker.duties import views as duties
from pr_tracker.duties import views_briefings as briefings
from pr_tracker.duties import views_conferences as conferences
from pr_tracker.duties import views_spokespersons as recording
from pr_tracker.duties.actions_moving import DutyClocks
from pr_tracker.duties.documents import calendar_of as duties_calendar
from pr_tracker.duties.labels import DUTY_EVENTS
from pr_tracker.duties.labels import KIND as DUTY_KINDS
from pr_tracker.duties.views import publications
from pr_tracker.exports import jobs as export_jobs
from pr_tracker.exports import views as exports
from pr_tracker.exports.labels import EXPORT_EVENTS
from pr_tracker.imports import jobs as import_jobs
from pr_tracker.imports import targets as imports
from pr_tracker.imports import views as import_views
from pr_tracker.imports.labels import IMPORT_EVENTS
from pr_tracker.imports.targets.agencies import AgenciesTarget
from pr_tracker.imports.targets.inquiries import Ledger
from pr_tracker.imports.targets.journalists import JournalistsTarget
from pr_tracker.imports.targets.outlets import OutletsTarget
from pr_tracker.imports.targets.people import PeopleTarget
from pr_tracker.imports.targets.roster import RosterTarget
from pr_tracker.imports.views.showing import left_out_run
from pr_tracker.incidents import views as incidents
from pr_tracker.incidents.actions.moving import IncidentClocks
from pr_tracker.incidents.documents import calendar_of as incidents_calendar
from pr_tracker.incidents.labels import INCIDENT_EVENTS
from pr_tracker.incidents.queries.lists import open_seen_by
from pr_tracker.inquiries import views as inquiries
from pr_tracker.inquiries.actions.moving import InquiryClocks
from pr_tracker.inquiries.actions.press_clocks import PressClocks
from pr_tracker.inquiries.documents import calendar_of as inquiries_calendar
from pr_tracker.inquiries.labels import EVENT as INQUIRY_EVENTS
from pr_tracker.inquiries.labels_articles import LETTER_KIND
from pr_tracker.inquiries.queries.lists import count_open
from pr_tracker.inquiries.views.voice import cases_seen
from pr_tracker.notices import mail
from pr_tracker.notices import views as notices
from pr_tracker.notices.labels import NOTICE_EVENTS, name_codes
from pr_tracker.notices.queries import count_mail, last_pass
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.outlets import views as outlets
from pr_tracker.outlets.labels import OUTLET_EVENTS
from pr_tracker.papers.labels import PAPER_EVENTS
from pr_tracker.papers.views import checking as paper_check
from pr_tracker.papers.views import listing as paper_list
from pr_tracker.permissions import Permission
from pr_tracker.reports import jobs as report_jobs
from pr_tracker.reports import jobs_lists as list_jobs
from pr_tracker.reports.labels_annual import ANNUAL_EVENTS
from pr_tracker.reports.labels_training import REPORT_EVENTS
from pr_tracker.reports.views import annual as annual_report
from pr_tracker.reports.views import coverage
from pr_tracker.reports.views import entrance as report_entrance
from pr_tracker.reports.views import figures as report_figures
from pr_tracker.reports.views import late as late_units
from pr_tracker.reports.views import lists as list_papers
from pr_tracker.reports.views import register as reports
from pr_tracker.reports.views import training as training_reports
from pr_tracker.runs import jobs as run_jobs
from pr_tracker.runs import views as runs
from pr_tracker.runs import views_lists as lists_out
from pr_tracker.runs.labels import RUN_EVENTS
from pr_tracker.runs.queries import count_unfinished
from pr_tracker.runs.rules import Kind
from pr_tracker.spokespersons import views as spokespersons
from pr_tracker.spokespersons import views_authorising as authorisations
from pr_tracker.spokespersons import views_register as register
from pr_tracker.spokespersons.actions_authorising import LEFT
from pr_tracker.spokespersons.labels import SPOKESPERSON_EVENTS
from pr_tracker.spokespersons.labels_names import AUTHORITY_EVENTS, by_authority
from pr_tracker.statements import views as statements
from pr_tracker.statements.labels import STATEMENT_EVENTS
from pr_tracker.trainings.documents_calendar import calendar_of as trainings_calendar
from pr_tracker.trainings.labels import TRAINING_EVENTS
from pr_tracker.trainings.labels_invitations import INVITATION_EVENTS
from pr_tracker.trainings.views import arrival as arrivals
from pr_tracker.trainings.views import door as doors
from pr_tracker.trainings.views import (
    invitations,
    letters,
    my_class,
    my_class_plan,
    plan_acts,
    plan_calendar,
    roll_paper,
    tabs,
)
from pr_tracker.trainings.views import nominating as nominations
from pr_tracker.trainings.views import plan as trainings
from pr_tracker.trainings.views import replying as replies
from pr_tracker.trainings.views import roll as rollcall
from pr_tracker.trainings.views import roster as rosters
from pr_tracker.trainings.views.tabs import Tab
from pr_tracker.web import (
    access,
    addresses,
    compressing,
    errors,
    formatting,
    health,
    i18n,
    logs,
    metrics,
    navigation,
    parameters,
    replica,
    security,
    tally,
)
from pr_tracker.web import views as web
from pr_tracker.web.environment import PlainGlobals
from pr_tracker.web.health import HealthLine
from pr_tracker.web.metrics import Measure
from pr_tracker.web.navigation import Section

FEATURES = (
    web,
    metrics,
    sign_in,
    accounts,
    audit,
    inquiries,
    statements,
    incidents,
    outlets,
    notices,
    deadlines,
    calendar,
    rules,
    plans,
    duties,
    conferences,
    briefings,
    recording,
    spokespersons,
    register,
    authorisations,
    trainings,
    plan_calendar,
    plan_acts,
    my_class_plan,
    rosters,
    rollcall,
    roll_paper,
    my_class,
    invitations,
    letters,
    nominations,
    replies,
    arrivals,
    doors,
    assessments,
    marks,
    papers,
    feedback,
    taking,
    own,
    certificates,
    certificate_layouts,
    certificate_check,
    paper_list,
    paper_check,
    report_entrance,
    report_figures,
    late_units,
    reports,
    coverage,
    training_reports,
    annual_report,
    list_papers,
    runs,
    exports,
    import_views,
)
TRAINING = ("trainings", "class_calendar", "plan_acts", "rosters", "rollcall", "sheets", "doors", "invitations")
ASSESSING = ("assessments", "marks", "papers", "feedback")
REPORTING = ("report_entrance", "figures", "late_units", "reports", "annual")
SEEING = ("coverage", "training_reports")
CERTIFYING = ("certificates", "certificate_layouts")
# Pages that are read from a copy of the database where there is one; spreadsheets of all lists are, too.
READ_FROM_COPY = (*REPORTING, *SEEING, "list_papers", "exports")
SPEAKING = ("register", "spokespersons", "recording", "authorisations")
OWING = ("duties", "conferences", "briefings")
MENU: tuple[Section, ...] = (
    Section("inquiries.queue", _l("Inquiries"), Permission.INQUIRY_VIEW, ("inquiries",)),
    Section("statements.index", _l("Statements"), Permission.STATEMENT_VIEW, ("statements",)),
    Section("incidents.index", _l("Incident rooms"), Permission.INCIDENT_VIEW, ("incidents",), open_seen_by),
    Section("outlets.index", _l("Press agencies"), Permission.OUTLET_VIEW, ("outlets",)),
    Section("deadlines.clocks", _l("Deadlines"), Permission.DEADLINE_VIEW, ("deadlines", "calendar", "rules", "plans")),
    Section("register.index", _l("Spokespersons"), Permission.SPOKESPERSON_VIEW, SPEAKING),
    Section("duties.index", _l("Press conferences, duties"), Permission.DUTY_VIEW, OWING),
    Section("trainings.index", _l("Training"), Permission.TRAINING_VIEW, TRAINING + ASSESSING + CERTIFYING + SEEING),
    Section("nominations.index", _l("Nominations"), Permission.TRAINING_NOMINATE, ("nominations", "replies")),
    Section("report_entrance.index", _l("Reports"), Permission.REPORT_VIEW, REPORTING),
    Section("accounts.people", _l("People"), Permission.ACCOUNT_MANAGE, ("accounts",)),
    Section("audit.log", _l("Audit log"), Permission.AUDIT_VIEW, ("audit",)),
)
# The pages of a class, in their order.
CLASS_TABS: tuple[Tab, ...] = (
    Tab("trainings.show", _l("Overview")),
    Tab("rosters.index", _l("Roster"), ("rosters",)),
    Tab("invitations.index", _l("Invitations"), ("invitations",)),
    Tab("rollcall.overview", _l("Roll call"), ("rollcall", "sheets", "doors")),
    Tab("assessments.show", _l("Test"), ("assessments",)),
    Tab("marks.show", _l("Results"), ("marks", "papers")),
    Tab("feedback.show", _l("Feedback of trainees"), ("feedback",)),
    Tab("certificates.of_class", _l("Certificates"), ("certificates",)),
    Tab("training_reports.of_class", _l("Report")),
)
# What the health page of administrators checks, line by line.
HEALTH: tuple[HealthLine, ...] = (
    HealthLine(_l("Database"), health.database),
    HealthLine(_l("Attachments"), health.attachments),
    HealthLine(_l("Clock of the server"), audit.health),
    HealthLine(_l("Working calendar"), calendar.health, warns=True, shown_on=("deadlines", "calendar")),
    HealthLine(_l("Notices and mail"), notices.health),
    HealthLine(_l("Copy for reports"), replica.health),
)
# What Prometheus is told of the office's work, each asked of the database when it asks.
MEASURES: tuple[Measure, ...] = (
    Measure("inquiries", "Inquiries that are open, and those of them that are overdue", count_open, "state"),
    Measure("notices_mail", "Mail that waits, waits too long, or failed", count_mail, "state"),
    Measure("runs", "Long work that waits or is being done", count_unfinished, "state"),
    Measure("queue_length", "Calls that wait for a worker", lambda _now: huey.pending_count()),
    Measure("worker_last_pass_timestamp_seconds", "When the worker last came to the end of its pass", last_pass),
    Measure("audit_entries", "The number of the last entry in the audit log", lambda _now: last_number()),
)
# Whose clocks are counted again when the calendar or a rule changes, in the order in which they are locked.
CLOCK_HOLDERS: tuple[ClockHolder, ...] = (InquiryClocks(), PressClocks(), DutyClocks(), IncidentClocks())
# What stands in a person's private calendar: each takes the person and the moment, and gives FeedEntry's.
CALENDARS: tuple[notices.FeedSource, ...] = (
    inquiries_calendar,
    duties_calendar,
    incidents_calendar,
    trainings_calendar,
)
# What papers go with a mail, by the kind of notice; each takes the notice and gives Attachment's.
MAIL_PAPERS: dict[NoticeKind, mail.Attach] = {
    NoticeKind.CLASS_ASKED: letters.paper_of_agency,
    NoticeKind.CLASS_AGENCY_INVITED: letters.paper_of_agency,
    NoticeKind.CLASS_INVITED: letters.paper_of_person,
    NoticeKind.CLASS_MOVED_UP: letters.paper_of_person,
}
# What a participant's own page offers: each takes the participant and the moment, and gives Offer's.
MY_CLASS: tuple[my_class.Part, ...] = (
    arrivals.offers,
    certificate_check.offers,
    my_class_plan.offers,
    taking.offers,
    own.paper_offers,
    own.feedback_offers,
)
# What can be taken in from Excel and CSV, in the order in which pages name it.
IMPORTS: tuple[imports.Target, ...] = (
    Ledger(),
    OutletsTarget(),
    JournalistsTarget(),
    AgenciesTarget(),
    PeopleTarget(),
    RosterTarget(),
)
# What may be done in the background, by the code that stands in the table of runs.
RUN_KINDS: dict[str, Kind] = {
    reports.REGISTER: Kind(_l("Register as PDF"), reports.draw_register, Permission.REPORT_VIEW),
    **report_jobs.kinds(_l("Annual report")),
    **list_jobs.kinds(_l("List as PDF")),
    export_jobs.AGENCY: Kind(_l("Whole file of an agency"), export_jobs.agency_file, Permission.AGENCY_FILE),
    "imports.judge": Kind(_l("A file is looked at"), import_jobs.judge_run, at_source=True),
    "imports.write": Kind(_l("A file is taken in"), import_jobs.write_run, at_source=True),
    "imports.left_out": Kind(_l("Rows left out"), left_out_run, at_source=True),
}
# Other papers with codes, to which the one page for checking leads.
CODE_DOORS: tuple[paper_check.Door, ...] = (certificate_check.DOOR,)
# What the audit log calls the events of each feature.
name_codes(clock=CLOCKS, code=DUTY_KINDS, letter=LETTER_KIND)  # what notices call the codes they keep
name_codes(reason={LEFT: _l("The authorised person no longer works at the agency.")})
name_events(ACCOUNT_EVENTS, OUTLET_EVENTS, DEADLINE_EVENTS, INQUIRY_EVENTS, DUTY_EVENTS, TRAINING_EVENTS, NOTICE_EVENTS)
name_events(SPOKESPERSON_EVENTS, AUTHORITY_EVENTS, STATEMENT_EVENTS, INCIDENT_EVENTS, PAPER_EVENTS, INVITATION_EVENTS)
name_events(CERTIFICATE_EVENTS, ASSESSMENT_EVENTS, REPORT_EVENTS, ANNUAL_EVENTS)
name_events(RUN_EVENTS, IMPORT_EVENTS, EXPORT_EVENTS, BACKUP_EVENTS)
name_doers(by_authority)


def create_app(environ: dict[str, str] | None = None) -> Flask:
    """The application. Raises config.WrongSetting (a SystemExit) with one sentence for a setting it cannot use."""
    values = config.read(environ)
    app = Flask(
        "pr_tracker",
        static_folder=str(config.ROOT / "pr_tracker" / "static"),
        template_folder=str(config.ROOT / "templates"),
        instance_path=str(config.ROOT / "instance"),
    )
    app.config.update(config.flask_settings(values))
    Path(app.instance_path).mkdir(exist_ok=True)
    logs.install(app, values)
    app.jinja_environment = PlainGlobals
    app.jinja_env.undefined = StrictUndefined
    if values["BEHIND_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]

    tally.install(app)
    parameters.install(app)
    security.install(app)
    db.init_app(app)
    Migrate(app, db, directory=str(config.ROOT / "pr_tracker" / "migrations"), render_as_batch=True)
    i18n.install(app)
    CSRFProtect(app)
    Bootstrap5(app)
    access.install(app)
    replica.install(app, READ_FROM_COPY)
    accounts_security.install(app)
    errors.install(app)
    formatting.install(app)
    addresses.install(app)
    compressing.install(app)
    for feature in FEATURES:
        app.register_blueprint(feature.blueprint)
    _tell_features(app)
    cli.install(app)
    app.context_processor(_page_context)
    return app


def _tell_features(app: Flask) -> None:
    """What features learn of those above them, which they do not know."""
    navigation.install(app, MENU)
    tabs.install(app, CLASS_TABS)
    notices.install(app, CALENDARS)
    mail.install(app, MAIL_PAPERS)
    clocks.install(app, CLOCK_HOLDERS)
    spokespersons.install(app, publications)
    statements.install(app, cases_seen)
    my_class.install(app, MY_CLASS)
    imports.install(app, IMPORTS)
    paper_list.install(app)
    paper_check.install(app, CODE_DOORS)
    health.install(app, HEALTH)
    metrics.install(app, MEASURES)
    run_jobs.install(app, RUN_KINDS)
    lists_out.install(app)


def _page_context() -> dict[str, Any]:
    return {
        "current_person": current_user._get_current_object(),
        "locale": str(get_locale() or "vi"),
        "languages": i18n.LANGUAGES,
    }

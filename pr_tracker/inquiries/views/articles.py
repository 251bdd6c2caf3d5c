"""Pages of articles found after an answer: entering, correcting, judging, withdrawing; what the press published."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pr_tracker.accounts import queries as accounts
from pr_tracker.errors import BadInput
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.actions import articles
from pr_tracker.inquiries.forms import articles as forms
from pr_tracker.inquiries.forms.handling import ActForm
from pr_tracker.inquiries.labels_articles import VERDICT
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.queries import articles as queries
from pr_tracker.inquiries.queries.articles import ArticleFilters, Place, get_article
from pr_tracker.inquiries.queries.lists import name_of
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_articles import Verdict
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.inquiries.views.files import attach_all
from pr_tracker.outlets import actions as outlets
from pr_tracker.outlets.models import Outlet
from pr_tracker.outlets.queries import find_outlet_meant
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.files import sent_files
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import day_of, id_of, member_of

P = Permission


def form_of(form: type[ActForm], **facts: Any) -> type[ActForm]:
    """The form of an act on one thing of the inquiry, which it knows by these facts."""
    return type(form.__name__, (form,), facts)


def kept_file(inquiry: Inquiry, form: Any, by: dict[str, Any]) -> Attachment | None:
    """The first of the files sent; all are kept with the inquiry."""
    kept = attach_all(inquiry, sent_files(form.files.data), by)
    return kept[0] if kept else None


@blueprint.route("/inquiries/<id:inquiry_id>/articles/new", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def new_article(inquiry_id: int) -> ResponseReturnValue:
    """Enter an article that was found."""
    act = Act(
        Step.FOLLOW,
        forms.ArticleForm,
        lambda inquiry, form, by: articles.add_article(
            inquiry, _found(form, by), clipping=kept_file(inquiry, form, by), **by
        ),
        said=_("The article is on record. Judge whether it quotes the answer right."),
        title=_("Enter an article"),
        button=_("Enter the article"),
        lede=_("What the press published after our answer, with a link or a clipping that shows it."),
        template="inquiries/case_article.html",
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/articles/<id:article_id>/correct", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def correct_article(inquiry_id: int, article_id: int) -> ResponseReturnValue:
    """Better facts of an entry."""
    act = Act(
        Step.FOLLOW,
        form_of(forms.ArticleForm, article_id=article_id),
        lambda inquiry, form, by: articles.correct_article(
            inquiry,
            get_article(inquiry, article_id),
            _found(form, by),
            clipping=kept_file(inquiry, form, by),
            **by,
        ),
        said=_("The entry is corrected."),
        title=_("Correct the entry"),
        button=_("Save the corrected entry"),
        lede=_("The former entry stays in the history."),
        template="inquiries/case_article.html",
        about=lambda inquiry: {"article": get_article(inquiry, article_id)},
    )
    return run(inquiry_id, act)


def _found(form: forms.ArticleForm, by: dict[str, Any]) -> articles.Found:
    assert form.published_on.data is not None  # the form has asked
    return articles.Found(_outlet(form, by), form.title.data, form.published_on.data, form.url.data or "")


def _outlet(form: forms.ArticleForm, by: dict[str, Any]) -> Outlet:
    """The press agency meant; a new name is added to the register."""
    chosen = str(form.outlet_id.data or "")
    chosen_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
    meant = find_outlet_meant(chosen_id, form.outlet.data)
    if meant is not None:
        return meant
    try:
        kind = OutletKind(form.outlet_kind.data)
        return outlets.outlet_named(form.outlet.data, kind, actor=by["actor"], now=by["now"])
    except BadInput as error:
        raise BadInput(error.message, field="outlet", **error.params) from None


@blueprint.route("/inquiries/<id:inquiry_id>/articles/<id:article_id>/judge", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def judge_article(inquiry_id: int, article_id: int) -> ResponseReturnValue:
    """Whether an article quotes the answer right."""
    act = Act(
        Step.FOLLOW,
        form_of(forms.JudgeForm, article_id=article_id),
        lambda inquiry, form, by: articles.judge_article(
            inquiry,
            get_article(inquiry, article_id),
            form.verdict.data,
            passage=form.passage.data or "",
            note=form.note.data or "",
            **by,
        ),
        said=_("The verdict is recorded."),
        title=_("Does it quote the answer right?"),
        button=_("Record the verdict"),
        template="inquiries/case_article_judge.html",
        about=lambda inquiry: {
            "article": get_article(inquiry, article_id),
            "answer": inquiry.approved_draft.text if inquiry.approved_draft else inquiry.refusal_reason or "",
        },
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/articles/<id:article_id>/withdraw", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def withdraw_article(inquiry_id: int, article_id: int) -> ResponseReturnValue:
    """Take an entry back; it stays readable."""
    act = Act(
        Step.FOLLOW,
        forms.WhyForm,
        lambda inquiry, form, by: articles.withdraw_article(
            inquiry, get_article(inquiry, article_id), form.reason.data, **by
        ),
        said=_("The entry is withdrawn."),
        title=_("Withdraw the entry"),
        button=_("Withdraw the entry"),
        lede=_("The entry no longer counts. It stays readable here with your reason."),
        about=lambda inquiry: {"article": get_article(inquiry, article_id)},
    )
    return run(inquiry_id, act)


# --- what the press published, over the whole province ------------------------------------------------------------


@blueprint.get("/inquiries/articles")
@requires(P.INQUIRY_VIEW)
def found_articles() -> str:
    """Articles of all cases the reader may see, the newest first, narrowed by what stands in the address."""
    filters, person = _filters(), reader()
    page = queries.articles_page(person, filters, _place())
    counts = queries.verdict_counts(person, filters)
    kept = {name: value for name, value in request.args.items() if name in KEPT and value}
    return render_template(
        "inquiries/articles.html",
        title=_finding(counts),
        rows=[(row, write_number(row.year, row.number)) for row in page.rows],
        newer=_address(kept, page.newer),
        older=_address(kept, page.older),
        filters=filters,
        counts=counts,
        kept=kept,
        verdicts=VERDICT,
        outlet=name_of(Outlet, filters.outlet_id),
        agencies=accounts.agencies_for_choice(),
        labels=labels,
    )


@list_out(blueprint, "/inquiries/articles", Permission.INQUIRY_VIEW, file_name="tin-bai")
def articles_table() -> Table:
    """The same articles for a spreadsheet."""
    columns: list[Column] = [
        (_("Published on"), lambda row: row.published_on),
        (_("Press agency"), lambda row: row.outlet),
        (_("The article"), lambda row: row.title),
        (_("Address"), lambda row: row.url),
        (_("Verdict"), lambda row: VERDICT[row.verdict]),
        (_("Number of the case"), lambda row: write_number(row.year, row.number)),
        (_("What it is about"), lambda row: row.subject),
        (_("Lead agency"), lambda row: row.agency),
    ]
    return of_query(_("What the press published"), queries.articles_listed(reader(), _filters()), columns)


KEPT = ("verdict", "outlet", "agency", "from", "to")


def _filters() -> ArticleFilters:
    return ArticleFilters(member_of("verdict", Verdict), id_of("outlet"), id_of("agency"), day_of("from"), day_of("to"))


def _finding(counts: dict[Verdict, int]) -> str:
    total, wrong = sum(counts.values()), counts[Verdict.WRONG]
    if not total:
        return _("No article is on record yet")
    if not wrong:
        return ngettext("%(num)d article, none quotes wrong", "%(num)d articles, none quotes wrong", total)
    return _("%(wrong)s of %(total)s articles quote the answer wrong", wrong=wrong, total=total)


def _place() -> Place | None:
    for name in ("before", "after"):
        day, _dot, number = request.args.get(name, "").partition(".")
        if number.isascii() and number.isdigit() and len(number) < 10:
            try:
                return Place(date.fromisoformat(day), int(number), newer=name == "after")
            except ValueError:
                return None
    return None


def _address(kept: dict[str, str], place: Place | None) -> str | None:
    if place is None:
        return None
    here = {"after" if place.newer else "before": f"{place.day.isoformat()}.{place.id}"}
    return f"{url_for('.found_articles')}?{urlencode({**kept, **here})}"

"""Who may open which page of accounts and of the log: the table role × address."""

import pytest

from pr_tracker.accounts.views_sign_in import ROUTES
from pr_tracker.permissions import Role
from tests.factories.accounts import somebody

ADMINISTRATION = (
    "/people",
    "/people/new",
    "/people/{id}",
    "/agencies",
    "/agencies/new",
    "/agencies/{agency}",
    "/audit",
    "/audit/check",
)
ACTS = ("/people/{id}/unlock", "/people/{id}/send-link", "/people/{id}/reset-sign-in", "/people/new", "/agencies/new")
OWN = ("/account", "/account/verify")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("url", ADMINISTRATION)
def test_only_administrators_see_people_agencies_and_the_log(app, client, role, url):
    person = somebody(app, roles=(role,))
    client.act_as(person)
    expected = 200 if role == Role.ADMIN else 403
    assert client.get(url.format(id=person.id, agency=person.agency_id)).status_code == expected


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
@pytest.mark.parametrize("url", ACTS)
def test_nobody_else_acts_on_people_and_agencies(app, client, role, url):
    person = somebody(app, roles=(role,))
    client.act_as(person)
    assert client.post(url.format(id=person.id)).status_code == 403


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("url", OWN)
def test_everybody_has_an_account_page(app, client, role, url):
    client.act_as(somebody(app, roles=(role,)))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", [*ADMINISTRATION, *OWN])
def test_who_has_not_signed_in_is_asked_to(client, url):
    answer = client.get(url.format(id=1, agency=1))
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_of_flask_security_only_the_pages_in_the_table_exist(app):
    registered = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert registered == {f"security.{route.endpoint}" for route in ROUTES}
    for url in ("/login", "/register", "/us-signin", "/tf-select", "/reset", "/change", "/fs-static/js/webauthn.js"):
        assert app.test_client().get(url).status_code == 404


def test_each_page_of_flask_security_says_who_may_open_it(app):
    own = {rule.endpoint for rule in app.url_map.iter_rules() if str(rule).startswith("/account")}
    for route in ROUTES:
        access = app.view_functions[f"security.{route.endpoint}"].access
        assert access.is_public is (f"security.{route.endpoint}" not in own)

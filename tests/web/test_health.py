"""The application starts, and says that it lives."""


def test_health_answers_without_sign_in(client):
    assert client.get("/healthz").status_code == 200


def test_a_page_that_is_nowhere_is_a_404(client):
    assert client.get("/nowhere").status_code == 404


def test_home_asks_to_sign_in(client):
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location

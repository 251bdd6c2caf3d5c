"""Papers of a class to print: others go on writing while they are drawn."""

import pytest

from pr_tracker.db import db, will_write
from pr_tracker.permissions import Role
from pr_tracker.trainings import documents
from pr_tracker.trainings.views import letters
from tests.factories.accounts import a_person
from tests.factories.trainings import a_class, a_roster, a_session


@pytest.mark.parametrize(
    ("url", "where", "writer"),
    [
        ("/trainings/classes/1/invitations.pdf", letters, "write_invitations"),
        ("/trainings/participants/1/invitation.pdf", letters, "write_invitations"),
        ("/trainings/classes/1/agencies/1/letter.pdf", letters, "write_agency_letter"),
        ("/trainings/sessions/1/sheet.pdf", documents, "write_sheet"),
    ],
)
def test_while_a_paper_is_drawn_nobody_waits_to_write(session, sign_in, monkeypatch, url, where, writer):
    one = a_class()
    a_session(of=one)
    a_roster(one, "Tô Văn Một")
    trainer = a_person(roles={Role.TRAINER})
    db.session.commit()
    kept_waiting = []
    monkeypatch.setattr(where, writer, lambda *_of, **_facts: kept_waiting.append(will_write.get()))
    assert sign_in(trainer).get(url).status_code == 200
    assert kept_waiting == [False]

"""WTForms' own messages in the reader's language."""

from wtforms import StringField
from wtforms.validators import Length

from pr_tracker.web.forms import Form


class Note(Form):
    text = StringField("Text", [Length(max=2)])


def test_a_length_message_names_the_length_in_the_readers_language(engine_app):
    with engine_app.test_request_context("/", method="POST", data={"text": "xyz"}):
        form = Note(meta={"csrf": False})
        assert not form.validate()
        assert form.text.errors == ["Dài quá 2 ký tự, cần rút gọn."]

"""Fields of taking in a file: the file, its columns, which rows are written."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from pr_tracker.errors import N_, BadInput
from pr_tracker.imports.rules import GOOD, Column, Verdict
from pr_tracker.web.forms import Form, Required, SeenForm, tidy

LONGEST_FILE_NAME = 200


class UploadForm(Form):
    """The file."""

    file = FileField(_l("File (.xlsx, .csv or .txt)"))

    def sent(self) -> tuple[str, bytes]:
        """Its name and content. Raises BadInput where none was chosen."""
        upload = self.file.data
        if not isinstance(upload, FileStorage) or not upload.filename:
            raise BadInput(N_("Choose a file."), field="file")
        return tidy(upload.filename)[-LONGEST_FILE_NAME:], upload.read()


class SheetForm(Form):
    """Which sheet, and in which row its heads are."""

    sheet = SelectField(_l("Sheet of the workbook"))
    head_row = StringField(_l("Row of the heads"), validators=[Length(max=7)])

    @property
    def row(self) -> int | None:
        """The row of the heads; None: to be found."""
        typed = (self.head_row.data or "").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed) <= 30 else None


class ConfirmForm(SeenForm):
    """Which rows are written."""

    what = RadioField(_l("Which rows are written"), validators=[Required()])

    def offer(self, counts: Mapping[str, int]) -> None:
        """All rows where none is rejected; else the good ones, with the doubtful ones if wished."""
        good = sum(counts.get(one.value, 0) for one in GOOD)
        doubtful = counts.get(Verdict.DOUBTFUL.value, 0)
        choices = []
        if good:
            choices.append(SelectChoice(value="good", label=_("The good rows (%(count)s)", count=good)))
        if doubtful:
            words = _("The good and the doubtful rows (%(count)s)", count=good + doubtful)
            choices.append(SelectChoice(value="doubtful", label=words))
        if not counts.get(Verdict.REJECTED.value) and not doubtful and choices:
            choices = [SelectChoice(value="good", label=_("All rows (%(count)s)", count=good))]
        self.what.choices = choices
        if not self.is_submitted() and choices:
            self.what.data = choices[0].value

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """The verdicts whose rows are written."""
        return GOOD | {Verdict.DOUBTFUL} if self.what.data == "doubtful" else GOOD


def columns_form(
    columns: Sequence[Column], heads: Sequence[str], samples: Sequence[str], chosen: Mapping[str, int]
) -> "ColumnsForm":
    """A select for each column the target knows, offering the columns of the file with a sample of each."""
    named = [SelectChoice(value="", label=_("not in the file"))]
    for place, head in enumerate(heads):
        sample = samples[place] if place < len(samples) else ""
        words = head or _("Column %(number)s", number=place + 1)
        named.append(SelectChoice(value=str(place), label=f"{words} ({sample[:40]})" if sample else words))

    class Made(ColumnsForm):
        """The columns of this file."""

    for column in columns:
        default = str(chosen[column.key]) if column.key in chosen else ""
        setattr(Made, f"column_{column.key}", SelectField(column.label, choices=named, default=default))
    return Made()


class ColumnsForm(SeenForm):
    """Which column of the file is what."""

    def places(self, columns: Sequence[Column]) -> dict[str, int]:
        """Key of the column → its place. Raises BadInput where a needed one is missing or one stands for two."""
        found: dict[str, int] = {}
        for column in columns:
            typed = self[f"column_{column.key}"].data
            if typed:
                if int(typed) in found.values():
                    message = N_("This column of the file stands for something else already.")
                    raise BadInput(message, field=f"column_{column.key}")
                found[column.key] = int(typed)
            elif column.required:
                raise BadInput(
                    N_("This column is needed: choose which one of the file it is."), field=f"column_{column.key}"
                )
        return found

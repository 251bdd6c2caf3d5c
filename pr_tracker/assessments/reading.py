"""Lists of marks as they come: an Excel sheet or a CSV file, as rows of cells."""

from pr_tracker.tables import text_rows

MOST_ROWS, MOST_COLUMNS = 2000, 30


def read_cells(file_name: str, content: bytes) -> list[list[str]]:
    """The rows of the file as text. Raises BadInput for what is neither an Excel workbook nor a CSV file."""
    return text_rows(file_name, content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)

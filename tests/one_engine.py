"""Tests that run on one engine, or on none, and why: where the database could make a difference they run on both.

A test asks for both by `app`, `session`, `province_on_each` … or `engine`. Which of one file run on one only, say so
at the test: @pytest.mark.only_on(engine, why="…").
"""

PLAIN = "plain Python, no database"
PAPER = "draws what it is given, no database"
SOURCES = "reads the sources, and of the application only what it is made of"
REASONS = {  # by the beginning of a test's name with its file
    "tests/unit/": PLAIN,
    "tests/pdf/test_certificates_sheet.py": PAPER,
    "tests/pdf/test_pdf_": PAPER,
    "tests/browser/": "what a browser does with a page; the same pages are read on PostgreSQL by test_access",
    "tests/many/": "starts its own PostgreSQL, Redis and workers",
    "tests/faults/test_disk.py": "a SQLite file on a full disk, on one that can only be read, and locked",
    "tests/faults/test_killed.py": "a SQLite file after a kill; PostgreSQL keeps its own promises",
    "tests/faults/test_watched_server.py": "what a server of ours says of itself",
    "tests/whole_app/test_access.py::test_every_route_": SOURCES,
    "tests/whole_app/test_house.py": SOURCES,
    "tests/whole_app/test_look.py": SOURCES,
    "tests/whole_app/test_readme.py": SOURCES,
    "tests/whole_app/test_words.py": SOURCES,
    "tests/whole_app/test_garbage.py::test_garbage_for_an_id_is_a_404": "the address itself is refused",
    "tests/whole_app/test_backups.py::test_a_file_that_went_missing": "compares a folder with what is written down",
    "tests/whole_app/test_backups.py::test_every_file_of_the_folder": "compares a folder with what is written down",
    "tests/whole_app/test_backups.py::test_only_its_owner_reads": "what the file system knows of a backup",
    "tests/whole_app/test_backups.py::test_an_export_goes_into_a_new_folder": "refused before the database is asked",
}


def unexplained(items) -> list[str]:
    """Tests that run on one engine and say nowhere why: those over the demo, and whole files without a database."""
    of_files: dict[str, list] = {}
    for item in items:
        of_files.setdefault(item.location[0], []).append(item)
    found: set[str] = set()
    for file, tests in of_files.items():
        on_both = any("engine" in test.fixturenames for test in tests)
        for test in tests:
            only = test.get_closest_marker("only_on")
            if only is not None and only.kwargs.get("why"):
                continue
            alone = "engine" not in test.fixturenames and (not on_both or "province_template" in test.fixturenames)
            if (alone or only is not None) and not test.nodeid.startswith(tuple(REASONS)):
                found.add(f"{file}::{test.originalname}")
    return sorted(found)

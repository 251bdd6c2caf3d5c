"""Join the Vietnamese catalogues, one .po per feature, into the one .mo that gettext reads.

`python -m pr_tracker.web.catalog` compiles; the application also does it when a .po is newer than the .mo.
"""

import os
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


def fragments(language: str = "vi") -> list[Path]:
    """The .po files of a language, by name."""
    return sorted((TRANSLATIONS / language).glob("*.po"))


def joined(language: str = "vi") -> Catalog:
    """All fragments as one catalogue. Raises ValueError when two say different things for one source string."""
    whole = Catalog(locale=language, domain="messages")
    for path in fragments(language):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if not message.id:
                    continue
                known = whole.get(message.id, message.context)
                if known is not None and known.string != message.string:
                    raise ValueError(f"{path.name}: “{message.id}” is translated otherwise in another file")
                whole.add(message.id, message.string, context=message.context)
    return whole


def compile_catalog(language: str = "vi") -> Path:
    """Write LC_MESSAGES/messages.mo, whole or not at all; returns its path.

    Anybody may read it: root compiles it, and the service that runs as somebody else reads it.
    """
    target = TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        write_mo(file, joined(language))
    Path(file.name).chmod(0o644)
    os.replace(file.name, target)
    return target


def compile_if_stale(language: str = "vi") -> None:
    """Compile when a fragment is newer than the compiled catalogue. Stops the start where it may not be written."""
    target = TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo"
    newest = max((path.stat().st_mtime for path in fragments(language)), default=0)
    if not target.exists() or target.stat().st_mtime < newest:
        try:
            compile_catalog(language)
        except OSError as error:
            raise SystemExit(
                f"{target} is missing or old and cannot be written: make install, as its owner."
            ) from error


if __name__ == "__main__":
    sys.stdout.write(f"{compile_catalog()}\n")

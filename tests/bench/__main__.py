"""make bench and its parts: `python -m tests.bench [pages | rates | carry | compare OLD NEW | markdown FILE]`."""

import os
import sys

from tests.bench import carrying, pages, showing, sizes
from tests.bench.imports import ROWS

USE = "python -m tests.bench [pages | rates | carry | compare OLD NEW | markdown FILE]\n"


def main(arguments: list[str]) -> int:
    """Run the part that is asked for; the exit status."""
    match arguments:
        case []:
            status = sizes.main()
            if os.environ.get("RATES") != "no":
                pages.show_rates(int(os.environ.get("IMPORT") or ROWS))
            return status
        case ["pages"]:
            pages.show_pages()
        case ["rates"]:
            pages.show_rates(int(os.environ.get("IMPORT") or ROWS))
        case ["carry"]:
            return carrying.main()
        case ["compare", old, new]:
            showing.compare(old, new)
        case ["markdown", path]:
            sys.stdout.write(showing.markdown(showing.read(path)) + "\n")
        case _:
            sys.stderr.write(USE)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

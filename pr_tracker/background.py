"""The queue of background work: a file in instance/, or Redis where PR_TRACKER_REDIS_URL names one.

It only carries the word that somebody waits; what waits stands in the database, where the minute's pass finds it too.
"""

from collections.abc import Callable

from huey import RedisHuey, SqliteHuey
from huey.api import Huey

from pr_tracker import config


def _huey() -> Huey:
    values = config.read()
    name = f"press_desk_{config.office_mark(values)}"
    if values["REDIS_URL"]:
        from redis import ConnectionPool

        pool = ConnectionPool.from_url(values["REDIS_URL"], **config.REDIS_PATIENCE)
        return RedisHuey(name, connection_pool=pool, results=False)
    folder = config.ROOT / "instance"
    folder.mkdir(exist_ok=True)
    return SqliteHuey(name, filename=str(folder / "background.sqlite3"), results=False)


huey = _huey()

_prompt: list[Callable[[], object]] = []


def when_woken(work: Callable[[], object]) -> None:
    """In the worker: what is done at once when a page asks for it, instead of at the next minute."""
    _prompt.append(work)


@huey.task()
def wake() -> None:
    """A page has put work there that somebody waits for. Where no worker runs, cron finds it."""
    for work in _prompt:
        work()

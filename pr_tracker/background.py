"""The queue of background work: a file in instance/, or Redis where PR_TRACKER_REDIS_URL names one."""

from huey import RedisHuey, SqliteHuey
from huey.api import Huey

from pr_tracker import config


def _huey() -> Huey:
    redis_url = config.read()["REDIS_URL"]
    if redis_url:
        return RedisHuey("press_desk", url=redis_url, results=False)
    folder = config.ROOT / "instance"
    folder.mkdir(exist_ok=True)
    return SqliteHuey("press_desk", filename=str(folder / "background.sqlite3"), results=False)


huey = _huey()

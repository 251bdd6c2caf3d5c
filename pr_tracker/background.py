"""The queue of background work: a file in instance/, or Redis where PR_TRACKER_REDIS_URL names one.

Its name follows from the database, so that two installations on one machine or one Redis never take each other's work.
"""

import hashlib

from huey import RedisHuey, SqliteHuey
from huey.api import Huey

from pr_tracker import config


def _huey() -> Huey:
    values = config.read()
    name = f"press_desk_{hashlib.sha256(values['DATABASE_URL'].encode()).hexdigest()[:12]}"
    if values["REDIS_URL"]:
        return RedisHuey(name, url=values["REDIS_URL"], results=False)
    folder = config.ROOT / "instance"
    folder.mkdir(exist_ok=True)
    return SqliteHuey(name, filename=str(folder / "background.sqlite3"), results=False)


huey = _huey()

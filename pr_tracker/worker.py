"""The background worker, `python -m pr_tracker.worker`: each minute what `flask notices send` does; asked for, at once.

The minute's pass needs no queue: where Redis is gone, work only begins later. On SIGTERM or Ctrl+C the worker finishes
the mail in hand and stops. Killed, it leaves nothing that the next one cannot take up; several may run at the same
time, on several machines.
"""

import logging
import threading
from time import monotonic

from huey.consumer import Consumer
from sqlalchemy.exc import DBAPIError

from pr_tracker import clock
from pr_tracker.background import huey, when_woken
from pr_tracker.certificates import jobs as certificates
from pr_tracker.cli.notices import one_pass
from pr_tracker.factory import create_app
from pr_tracker.notices.jobs import stopping
from pr_tracker.runs import jobs as runs

MINUTE = 60.0  # seconds
PASSES_AT_ONCE = 3  # two may be long at work on a list (runs.jobs.AT_ONCE): one hand stays free for mail
PATIENCE_SECONDS = 60

app = create_app()
log = logging.getLogger(__name__)


class Minutes(threading.Thread):
    """Begins a pass each minute, the first at once; left out where too many are still at work."""

    def __init__(self) -> None:
        super().__init__(name="minutes", daemon=True)
        self._hands = threading.BoundedSemaphore(PASSES_AT_ONCE)
        self._passes: list[threading.Thread] = []

    def run(self) -> None:
        """Until the worker stops."""
        while not stopping.is_set():
            self._passes = [one for one in self._passes if one.is_alive()]
            if self._hands.acquire(blocking=False):
                self._passes.append(threading.Thread(target=self._pass, name="pass", daemon=True))
                self._passes[-1].start()
            stopping.wait(MINUTE)

    def finish(self, seconds: float) -> None:
        """Wait for the passes in hand, at most so long."""
        until = monotonic() + seconds
        for one in (self, *self._passes):
            one.join(max(until - monotonic(), 0))

    def _pass(self) -> None:
        try:
            begun = monotonic()
            with app.app_context():
                counts, faults = one_pass()
            did = {name: count for name, count in counts.items() if count} | ({"failed": faults} if faults else {})
            log.info("pass", extra={"facts": {"ms": round((monotonic() - begun) * 1000), **did}})
        except DBAPIError as trouble:
            log.warning("the next minute's pass does the work of this one", exc_info=trouble)
        except Exception:
            log.exception("the pass failed")
        finally:
            self._hands.release()


class Once(logging.Filter):
    """Lets the same complaint of the queue through once a minute, without its trace: Redis may be gone for long."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is said."""
        if record.exc_info:
            record.msg, record.args = f"{record.msg} %s", (*(record.args or ()), record.exc_info[1])
            record.exc_info = None
        before = self._said.get(str(record.msg))
        if before is not None and record.created - before < MINUTE:
            return False
        self._said[str(record.msg)] = record.created
        return True


def issue_certificates() -> None:
    """What somebody who sits before a progress bar waits for; the minute's pass takes up what fails here."""
    with app.app_context():
        certificates.issue(clock.now())


def work_off_runs() -> None:
    """Files and imports that somebody waits for."""
    with app.app_context():
        runs.work_off(clock.now())


when_woken(issue_certificates)
when_woken(work_off_runs)


class Sender(Consumer):
    """Huey's consumer; both signals end it after the mail in hand."""

    def stop(self, graceful: bool = False) -> None:
        """Begin no other mail, and wait for the one in hand."""
        stopping.set()
        super().stop(graceful=True)


def main() -> None:
    """Work until a signal comes."""
    for name in ("Worker", "Scheduler"):
        logging.getLogger(f"huey.consumer.{name}").addFilter(Once())
    minutes = Minutes()
    minutes.start()
    Sender(huey, workers=4, periodic=False, max_delay=1.0, shutdown_timeout=PATIENCE_SECONDS).run()
    minutes.finish(PATIENCE_SECONDS)


if __name__ == "__main__":
    main()

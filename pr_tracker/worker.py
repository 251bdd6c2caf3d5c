"""The background worker, `python -m pr_tracker.worker`: each minute what `flask notices send` does; asked for, at once.

On SIGTERM or Ctrl+C it finishes the mail in hand and stops. Killed, it leaves nothing that the next one cannot take
up; several may run at the same time.
"""

import logging

from huey import crontab
from huey.consumer import Consumer

from pr_tracker import clock
from pr_tracker.background import huey, when_woken
from pr_tracker.certificates import jobs as certificates
from pr_tracker.cli.notices import one_pass
from pr_tracker.factory import create_app
from pr_tracker.notices.jobs import stopping
from pr_tracker.runs import jobs as runs

TOO_OLD_SECONDS = 50  # a pass that waited so long is left out: the next one does its work
PATIENCE_SECONDS = 60

app = create_app()


@huey.periodic_task(crontab(), expires=TOO_OLD_SECONDS)
def send_notices() -> None:
    """One pass."""
    with app.app_context():
        one_pass()


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
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    Sender(huey, workers=4, max_delay=1.0, shutdown_timeout=PATIENCE_SECONDS).run()


if __name__ == "__main__":
    main()

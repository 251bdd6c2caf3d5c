"""Several acts at the same moment, each as a request of its own would do it."""

from threading import Barrier, Thread

from pr_tracker.db import db


def together(app, *acts):
    """Each act in a thread, an application context and a transaction of its own; the faults they raised."""
    ready, faults = Barrier(len(acts)), []

    def run(act):
        with app.app_context():
            ready.wait(60)
            try:
                act()
                db.session.commit()
            except Exception as fault:
                db.session.rollback()
                faults.append(type(fault).__name__)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return faults

"""The application, for Flask's command and for gunicorn."""

import atexit
import gc

from pr_tracker.factory import create_app

app = create_app()
gc.collect()
gc.freeze()  # what the application is made of stays: no request pays for looking through it for garbage
atexit.register(gc.unfreeze)  # at the end it goes, and SQLite brings its log into its file
gc.set_threshold(20_000, 20, 50)

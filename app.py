"""The application, for Flask's command and for gunicorn."""

from pr_tracker.factory import create_app

app = create_app()

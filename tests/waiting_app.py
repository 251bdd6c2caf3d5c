"""The application for `flask --app tests.waiting_app …`: it is ready, says so, and goes on when a line comes in."""

import sys

from pr_tracker.factory import create_app

app = create_app()
sys.stdout.write("ready\n")
sys.stdout.flush()
sys.stdin.readline()

"""Plan courses, classes and sessions, keep rosters, call the roll.

Every act first takes the audit log's turn, so that what it looks up stays so until the commit.
"""

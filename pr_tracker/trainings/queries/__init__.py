"""Find courses, classes and sessions, rosters, and the roll call of a session."""

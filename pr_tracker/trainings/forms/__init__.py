"""Fields of courses, classes, sessions, rosters and the roll call."""

"""Do: verbs of the office, by step of the case: intake, handling, answer."""

"""Pages of what comes in from files."""

"""Find for reports."""

"""Ask and mark: tests, marks, final papers, feedback."""

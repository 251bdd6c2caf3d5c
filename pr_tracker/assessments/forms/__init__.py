"""Fields of tests, marks, papers and feedback."""

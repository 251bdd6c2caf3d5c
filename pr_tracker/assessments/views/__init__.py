"""Pages of tests, marks, papers and feedback: the trainer's, and those of the person's own page."""

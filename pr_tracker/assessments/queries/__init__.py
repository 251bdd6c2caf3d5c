"""Find tests and who took them, marks and papers, feedback."""

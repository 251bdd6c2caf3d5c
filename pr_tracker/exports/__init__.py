"""What leaves as a whole: what is kept about one person, and an agency's whole file."""

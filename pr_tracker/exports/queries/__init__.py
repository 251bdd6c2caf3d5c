"""Find everything that is kept about one person, or in one agency's file."""

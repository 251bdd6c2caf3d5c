"""Fill a database with as many invented inquiries as a large desk has after years, to measure it."""

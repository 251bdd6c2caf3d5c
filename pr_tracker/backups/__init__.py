"""Everything in one file and back, into an empty database of either engine; everything as tables that others read."""

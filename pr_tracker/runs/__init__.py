"""Long work in the background: a run is asked for, worked off, and hands out a file or leads somewhere."""

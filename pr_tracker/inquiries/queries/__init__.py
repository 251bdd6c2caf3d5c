"""Find: what a reader may see, one case with all that belongs to it, lists, search, figures of the queue."""

"""Fields: parse and check the shape, never write."""

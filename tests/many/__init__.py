"""Several machines: web instances and workers as processes over one PostgreSQL and one Redis, restarted and killed."""

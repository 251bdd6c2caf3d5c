"""Find who has earned a certificate, who holds one, and what a code stands for."""

from pr_tracker.certificates.queries.held import Held, courses_held, is_trained

__all__ = ["Held", "courses_held", "is_trained"]

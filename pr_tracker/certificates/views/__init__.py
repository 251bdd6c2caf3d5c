"""Pages of certificates: those of a class, the layout of a course, what a code stands for."""

"""Find incidents: who sees which, what a room shows, the list, who may speak, figures."""

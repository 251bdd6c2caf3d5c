"""What may go wrong with a machine: killed, full, closed, busy, set back. Nothing is lost, and the reader is told."""

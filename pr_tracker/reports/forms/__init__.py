"""What reports are asked for."""

"""What people do in an incident room."""

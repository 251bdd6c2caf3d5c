"""Pages of training: plan, rosters, roll call."""

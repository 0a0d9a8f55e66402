"""A simulated hall day: what a policy would have done with the same people."""

"""A consistent copy of a site while it serves, and the way back."""

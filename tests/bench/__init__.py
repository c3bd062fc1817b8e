"""`make bench`: what this server does, as ratios to something measured in the same run."""

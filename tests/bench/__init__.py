"""`make bench`: what the design promises about speed, as ratios measured in one run. Prints; asserts nothing."""

"""References in the place of secrets: resolved for one command, or for one reader, and never written down."""

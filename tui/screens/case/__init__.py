"""The guide in the app: one case as a visible path, and one action at a time."""

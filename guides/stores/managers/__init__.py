"""Managers: where a secret may live for good, under a name of the person's own. One manager a file."""

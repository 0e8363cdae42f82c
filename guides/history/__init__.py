"""Cleaning a repository's history of one secret, in a fresh clone: what holds it, the rewriting, and its proof."""

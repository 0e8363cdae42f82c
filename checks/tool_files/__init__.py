"""The tools whose credential files are known: one reader each, and the table of their places."""

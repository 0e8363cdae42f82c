"""How a file changes."""

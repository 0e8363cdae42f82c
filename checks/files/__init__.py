"""Safe reading and walking."""

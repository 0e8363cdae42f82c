"""What makes text a secret, and how bad it is that it lies there."""

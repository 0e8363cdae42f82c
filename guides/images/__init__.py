"""What to do about a secret in an image: its Dockerfile, its build context, and what was built before."""

"""What stops the next leak: git hooks, and set-ups for CI systems."""

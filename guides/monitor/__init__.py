"""Monitoring: all cases and credentials over time, once or by a timer of the person's own session."""

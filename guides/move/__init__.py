"""Plain-text logins into a store: found, planned, applied, proven, undone."""

"""One credential's remediation: what is known, what was done, what was proven; it survives a restart."""

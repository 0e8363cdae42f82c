"""Stand-ins for programs that no test can have. Each says from which official pages it was written."""

"""The demo: a throw-away workstation with planted leaks, loopback registries to log in to, and a stand-in store."""

"""Weak settings around the credentials: one concern a file, each called by docker_posture."""

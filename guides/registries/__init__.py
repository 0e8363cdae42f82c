"""Clients that verify, create and revoke credentials at a registry."""

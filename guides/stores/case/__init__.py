"""Stores for the secrets of cases, under dockhygiene's own prefix and never in a docker helper's namespace.

docker's classic build sends everything that a helper lists to the daemon: what a case keeps must not be among it.
"""

"""Offline tests: what a token says of itself, without any network. One file a test; `catalog.py` lists them.

A test answers True for a token that its issuer could have made, False for one that it could not, and None where the
token does not tell. A token that fails is shown as possible, never hidden: formats change without notice.
"""

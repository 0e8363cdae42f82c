"""Issuers of secrets that open no registry: one short YAML file each, read into the structures of a provider."""

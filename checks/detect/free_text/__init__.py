"""What a text of no known format gives away. One kind of clue a file; `probes.py` is the registry."""

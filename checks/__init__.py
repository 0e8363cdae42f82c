"""Look: what reads the workstation and yields findings; changes nothing and opens no connection."""

"""Living with findings: markers in the line, ignore files, and a baseline of what was there before."""

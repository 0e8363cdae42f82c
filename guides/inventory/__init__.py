"""What uses a credential and no file of a program says: written down by hand, in a file that a team can commit."""

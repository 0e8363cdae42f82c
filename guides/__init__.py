"""Fix: stores, edits and moves; everything that changes something for the person, one proven step at a time."""

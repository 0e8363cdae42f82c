"""How much the checks find, and how much of what they tell is true: `make quality`. docs/quality.md explains it."""

"""How a program reads a secret instead of holding it: one template for each language and source."""

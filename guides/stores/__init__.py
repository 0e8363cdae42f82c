"""Where a credential may live: one interface, one file per store."""

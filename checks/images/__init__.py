"""Container images: how they lie in archives and folders, and what their configuration and layers give away."""

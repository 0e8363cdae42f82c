"""Show: the dockhygiene command, the app and the reports."""

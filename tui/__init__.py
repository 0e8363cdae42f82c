"""Show: the dockhygiene command, the app and the reports."""

__version__ = "0.1.0"

"""The daily look as a timer of the person's own session: its files, previewed, installed, removed without a trace."""

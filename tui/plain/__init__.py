"""The guides for a plain terminal, a pipe, a screen reader."""

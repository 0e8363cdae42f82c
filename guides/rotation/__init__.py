"""Rotation: a healthy credential is replaced when its time has come, by the same walk as one that leaked."""

"""Recorded episodes run again, and shown."""

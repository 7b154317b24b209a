"""Policies in scenes: what is rolled out, where, and what is written down of it."""

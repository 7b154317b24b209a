"""Demonstrations of the scripted expert: collected, stored, and drawn again as images."""

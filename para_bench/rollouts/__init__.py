"""Rollouts of policies in scenes, and their records."""

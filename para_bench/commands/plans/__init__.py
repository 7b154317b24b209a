"""A suite as a plan: shown, run here, or run in shards."""

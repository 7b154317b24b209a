"""The one training loop, and what lets an interrupted training continue."""

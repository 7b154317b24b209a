"""From a recipe to its checkpoint."""

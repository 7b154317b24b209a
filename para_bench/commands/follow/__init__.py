"""Following trainings while they run."""

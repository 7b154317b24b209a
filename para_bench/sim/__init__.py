"""The simulator: what is the same for all tasks and arms."""

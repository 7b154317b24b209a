"""ROBOTS: the arms."""

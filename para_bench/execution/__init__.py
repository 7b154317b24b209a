"""Where the trainings and episodes of a suite are run."""

"""TASKS: what there is to do."""

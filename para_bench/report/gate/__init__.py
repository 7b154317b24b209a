"""The regression gate: a baseline, the check of records against it, and its moves."""

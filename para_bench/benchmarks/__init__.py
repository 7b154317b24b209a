"""What is tested: conditions, splits and suites."""

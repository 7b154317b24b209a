"""What heads are built from."""

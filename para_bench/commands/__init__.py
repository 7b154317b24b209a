"""What each subcommand of `para-bench` does, one file each."""

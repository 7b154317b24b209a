"""What several commands share; below the commands, which never import each other."""

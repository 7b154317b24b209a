"""How a command ends: one line, an exit code, and no worker left behind."""

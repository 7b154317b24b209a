"""The options of every command: defaults, help texts, and where each command is implemented (loaded only when it is called)."""

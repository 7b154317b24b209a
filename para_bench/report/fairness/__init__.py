"""The fairness record: what each trained head was given and what it cost; read, shown, and compared between heads."""

"""`--executor ray`: the cells of a run on the nodes of a Ray cluster, which share no disk; the driver alone writes results."""

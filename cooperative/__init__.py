"""WHO: people, institutions, membership, networks and the event log; and how the whole runs."""

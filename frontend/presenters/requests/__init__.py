"""The requests inbox: what waits for an answer, grouped where not all of it can be."""

"""Asking: one request for one or many things, sent as a whole, judged under the locks of one commit."""

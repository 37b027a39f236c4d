"""Verbs of memberships, invitations, roles and tokens; the only place that writes them."""

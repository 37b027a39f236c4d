"""Wishes that repeat: unfolded into dates, stored, answered, changed and ended together. Dates stay lines, each with
an answer of its own."""

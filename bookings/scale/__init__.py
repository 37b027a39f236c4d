"""Worlds of a size, to measure in: fifty thousand claims or a million, in the shape that a cooperative has after years.

`shape` says what there is and who uses it when, by dice alone; `founding` stores houses and things, `copying` bookings,
lines, claims and their story by COPY, with every trigger on; `databases` keeps what was made as a template to clone.
"""

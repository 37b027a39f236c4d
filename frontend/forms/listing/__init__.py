"""The four questions of a listing: what and how many, where and when, who may ask, free or not; the rest is folded."""

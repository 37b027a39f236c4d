"""A week as its owner sees it: what takes each hour, who, until when, and what can be done about it."""

"""Bringing a city's list of institutions in: reading the file, cleaning each value, writing what is new or changed.

`reading`, `spelling`, `audiences`, `access`, `places`, `umbrellas` and `cleaning` are pure; `service` writes.
"""

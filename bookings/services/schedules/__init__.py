"""Bringing in the season's spreadsheet: taken, its columns named, looked over, what fits stored, the rest decided.

Each step may be repeated: what makes a row the same row again is its id (`bookings.sheets.rows.identity`), which is
unique among the bookings of its house and sheet.
"""

"""A timetable that is brought in: its columns with examples, what becomes of each row, in words."""

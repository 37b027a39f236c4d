"""Files that a house brings in: read into rows of texts, their columns understood, each row made a wish. No database.

`reading` takes bytes, `columns` says what a column is, `rows` what a row wants, `writing` makes files of the same
shape.
"""

"""What rules judge by, as values read once. No database here."""

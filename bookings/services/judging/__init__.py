"""From a wish to an answer, before anything is stored: the same path for sending, checking and writing in."""

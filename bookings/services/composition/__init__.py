"""What a thing is made of and what comes with it, changed while it is promised."""

"""What a message may say of its event, worded when it is read or sent, from what its reader may see."""

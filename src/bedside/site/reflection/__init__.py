"""After an answer: why it was wrong, what was confused, own notes, and what is wrong with an item."""

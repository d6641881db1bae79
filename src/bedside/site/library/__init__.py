"""What is known: programmes side by side (page `/programmes`), and the exact text of every item version ever delivered."""

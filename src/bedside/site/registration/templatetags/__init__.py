"""What the templates of registration load."""

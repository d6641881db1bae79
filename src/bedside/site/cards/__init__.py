"""Cards of one's own: what they say, and their pictures."""

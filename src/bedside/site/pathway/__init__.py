"""The pathway: a person's record, what the rules say of it, and what changed."""

"""The next answer of a learner, from the answers before it."""

"""Persons out of answers: scores, how sure they are, the scales they stand on and the cuts that part them."""

"""The timeline of the pathway: a person's road to the licence, the days they set on it, and what follows from them."""

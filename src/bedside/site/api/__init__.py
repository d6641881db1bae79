"""The JSON API: a sitting is taken, watched and reported through it, by the player and by any program with a token."""

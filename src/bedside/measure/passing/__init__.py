"""Would I pass if I sat today: ability by area moving in time, and the chance that comes of it."""

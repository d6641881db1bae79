"""Items that are harder for one group than for another at the same ability."""

"""What benchmarks share; none of it runs by itself."""

"""Benchmarks of the program; each prints one table."""

"""Mutation testing: small faults are put into a copy of the tree, one at a time, and a test should fail for each."""

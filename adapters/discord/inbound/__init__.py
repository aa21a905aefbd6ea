"""Events and interactions of Discord become calls."""

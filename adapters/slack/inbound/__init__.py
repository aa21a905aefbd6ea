"""Events and interactions of Slack become calls."""

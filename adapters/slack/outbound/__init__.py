"""Posts, answers and finds messages on Slack."""

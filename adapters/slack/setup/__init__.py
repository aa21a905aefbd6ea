"""Installing the bot on Slack, and checking that it can work there."""

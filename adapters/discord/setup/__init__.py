"""Installing the bot on Discord, and checking that it can work there."""

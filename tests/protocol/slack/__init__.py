"""The real program, started as its users start it, against the strict local Slack."""

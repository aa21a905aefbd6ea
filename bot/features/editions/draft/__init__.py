"""Makes the draft of an edition and shows it to the moderators."""

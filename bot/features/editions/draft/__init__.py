"""Making of an edition's draft, and its card for the moderators."""

"""Moderators' changes to a document, and the markup that they type."""

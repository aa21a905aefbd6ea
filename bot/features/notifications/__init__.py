"""Collection and sending of notifications about follows."""

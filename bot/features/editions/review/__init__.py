"""Previews, approves, schedules and skips an edition."""

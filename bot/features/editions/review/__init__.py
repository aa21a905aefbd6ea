"""Preview, approval, scheduling and skipping of an edition."""

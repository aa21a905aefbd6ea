"""Reading and downloading of published editions."""

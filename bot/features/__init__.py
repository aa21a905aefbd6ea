"""What people do, one package a subject; each holds its commands, use cases and cards."""

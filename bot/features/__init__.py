"""User-visible features, one package a subject; each holds its commands, use cases and cards."""

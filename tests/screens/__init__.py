"""Every screen of a scripted club as text, in files that are read when words change."""

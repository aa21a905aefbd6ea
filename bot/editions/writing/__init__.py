"""What an edition says about a paper: drawn from its own sentences or written by a model, and checked either way."""

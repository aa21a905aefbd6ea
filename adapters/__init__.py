"""The platforms. They may not know each other; the core never imports them."""

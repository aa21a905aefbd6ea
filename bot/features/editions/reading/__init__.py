"""Reading published editions, and downloading them."""

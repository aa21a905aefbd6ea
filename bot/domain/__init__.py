"""What the club is about: papers, votes, editions, rooms, and the pure rules that hold between them."""

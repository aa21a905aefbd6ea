"""Journal Club: the club itself, in words that belong to no chat platform."""

"""The language between the club and the platforms: calls go down, cards come up."""

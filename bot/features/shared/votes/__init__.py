"""Parts about votes that several features need: the voting period, waiting votes, bursts."""

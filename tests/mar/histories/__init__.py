"""Random histories of a resident's round, played through the real actions beside a small model of what must come out."""

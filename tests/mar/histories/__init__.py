"""Random histories of a resident's round, played through the real actions beside a model of what must come out."""

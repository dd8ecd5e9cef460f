"""One catalogue: what must hold."""

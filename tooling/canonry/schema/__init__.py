"""JSON Schema containment: proved, broken with a payload, or undecided. Knows nothing of contracts."""

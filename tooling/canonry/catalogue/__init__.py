"""Registry and contracts of one tree, loaded."""

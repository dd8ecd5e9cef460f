"""Use cases: ports passed in, results out."""

"""From names as they stand to a registry: conventions, fields and words, and what of it they explain."""

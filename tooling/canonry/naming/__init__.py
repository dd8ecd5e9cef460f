"""Names, templates, vocabularies, links and channels: one grammar, both directions."""

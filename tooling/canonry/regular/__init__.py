"""Regular languages: patterns, automata, and exact questions about them."""

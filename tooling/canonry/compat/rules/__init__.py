"""One family of rules per module; the table is a tuple that can be read and diffed."""

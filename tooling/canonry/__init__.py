"""A registry of canonical names and data contracts that lives in git."""

__version__ = "0.1.0"

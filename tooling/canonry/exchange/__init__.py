"""Contracts in the forms of other tools, and those forms as contracts. What does not fit is listed."""

"""Findings and results as text for people and machines."""

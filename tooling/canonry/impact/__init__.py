"""What a change reaches, and what whoever is reached should do."""

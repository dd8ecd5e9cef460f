"""Drive other systems: git, the disk, spreadsheets."""

"""Campaigns end to end: every name and link of a plan, its workbook, and the rehearsal before go-live."""

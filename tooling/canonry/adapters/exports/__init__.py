"""Exports of platforms and warehouses: DuckDB scans and groups, Python sees what is distinct."""

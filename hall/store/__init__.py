"""The only place that knows SQL: engine, tables, journal, reads, snapshot, migrations."""

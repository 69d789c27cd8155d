"""The whole database in one portable file: written while workers run, read into an empty
database of either kind. Backup, restore, upgrade and the move between SQLite and PostgreSQL
are this one path."""

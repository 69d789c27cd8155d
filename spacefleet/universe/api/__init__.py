"""The endpoints of version 2.3.0: one handler each, grouped by what they are about."""

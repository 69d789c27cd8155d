"""The lives of couriers."""

"""Arithmetic of the fleet: plain values in, plain values out."""

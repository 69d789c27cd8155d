"""Optimisation with OR-tools and nothing else: plain values in, plain values out."""

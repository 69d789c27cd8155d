"""Arithmetic and judgement of inventory: plain values in, plain values out."""

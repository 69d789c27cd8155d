"""Arithmetic and judgement of allocation: plain values in, plain values out."""

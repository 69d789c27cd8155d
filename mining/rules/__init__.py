"""Arithmetic and judgement of mining: plain values in, plain values out."""

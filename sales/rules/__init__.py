"""Arithmetic and judgement of sales: plain values in, plain values out."""

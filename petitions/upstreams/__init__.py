"""Upstreams that send by themselves: their secrets, what they sign, what is taken from them."""

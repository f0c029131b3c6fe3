"""Benchmarks: what each endpoint asks of AWS and of the processor. ``make bench`` prints them."""

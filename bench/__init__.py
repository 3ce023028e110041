"""Benchmarks that anyone can run: each starts the product itself, on a fresh sample clinic."""

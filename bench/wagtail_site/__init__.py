"""A small site of Wagtail with the content of the sample's overview, for `bench/peers.py`; runs in its environment."""

"""Public pages as ready bytes, in front of Django: what nobody changed is not made anew for each reader.

`layer.py` answers from memory what Django marked as public, and hands on everything else. `changes.py` is the one place
that says what makes a public page old; `token.py` tells every worker of this machine, `listening.py` every other one.
`until_changed.py` keeps rows for pages that have to be made anew, as long as pages are kept.
"""

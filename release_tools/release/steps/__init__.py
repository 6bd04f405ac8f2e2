"""The steps of a release, one file each; `ORDER` in the file says when its turn is.

`look(run)` reads what there is, `act(run)` has it there. Both may be run again at any time.
"""

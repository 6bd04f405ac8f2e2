"""What must follow a line of a play, one file each: `look(stage, done, wanted)` says whether it did.

`read(value)` checks what the script wants, and raises ValueError.

They look where a person would: at what GitHub shows, at what a command wrote, at what the package index has.
"""

"""What is wrong with a TFMOT release, or with a tree that is to become one: every file here is a check."""

"""The seven steps of a technique's way from a pull request to pip: where it stands, and whose turn it is."""

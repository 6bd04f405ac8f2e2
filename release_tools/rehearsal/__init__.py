"""Rehearsals of a technique's whole life on one machine, with the sandbox in GitHub's place."""

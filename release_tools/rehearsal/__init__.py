"""Plays a technique's whole life on this machine, with the sandbox in GitHub's place."""

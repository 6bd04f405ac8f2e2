"""The files that `release-tools init` writes into a repository, with @NAMES@ where something is filled in."""

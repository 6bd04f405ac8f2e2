"""The commands below `release-tools release`: every file here is one, found by its name."""

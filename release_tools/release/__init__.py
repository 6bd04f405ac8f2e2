"""Cutting a stable release; its commands are the files in `cli/`."""

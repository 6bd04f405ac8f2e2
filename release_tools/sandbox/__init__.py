"""Stand-ins on this machine for what the process touches outside it."""

"""The page of a rehearsal: one file without scripts, which needs nothing from elsewhere."""

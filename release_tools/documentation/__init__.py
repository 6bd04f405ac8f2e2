"""The documents that claims quote: their tables, their comments, and where claims have drifted from them."""

"""The fork of Official Models: how it is founded, and how it is kept at its upstream."""

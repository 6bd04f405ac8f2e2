"""The API, a module for each noun; a module in this folder with a blueprint named `routes` is served."""

"""The command line, one file a command: declare options, gather facts, call one function, perform."""

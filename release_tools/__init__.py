"""Takes a TFMOT technique from pull request to pip release with its documented numbers proven."""

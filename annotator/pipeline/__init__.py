"""The way from files to a dataset, for machines: no screen."""

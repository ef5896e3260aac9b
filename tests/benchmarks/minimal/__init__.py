"""The apps that the program is measured against: as little as a person could write."""

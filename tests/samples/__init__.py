"""The coding of the sample readouts: described here, committed in the form of the store."""

"""What counts as a matrix: arrays of other libraries, mapped files, rows read a slice at a time."""

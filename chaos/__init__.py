"""`./packwalk chaos`: clients book and cancel while whatever runs is killed; afterwards the books are compared with what was answered."""

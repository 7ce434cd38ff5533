"""`./packwalk bench`: how fast Packwalk is, each figure beside its floor in the same run. Benchmarks are never tests."""

"""A service that tells of marks and hears of them: what the chassis does with events, and nothing else."""

"""`python -m trial serve`."""

from trial.app import main

main()

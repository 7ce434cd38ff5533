"""What `./packwalk` does. Standard library only: on a fresh machine nothing else is there yet."""

"""Organizations, accounts, sessions and the public API."""

"""How long a walker's ways take."""

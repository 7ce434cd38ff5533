"""Words that every part of the gateway uses."""

from typing import Literal

Role = Literal["customer", "walker", "admin"]

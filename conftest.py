"""Import the packages before pytest names test modules after the folders chassis/ and gateway/, which are called like them."""

import chassis
import gateway

__all__ = ["chassis", "gateway"]

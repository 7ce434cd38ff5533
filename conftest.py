"""Import the packages before pytest names test modules after the folders chassis/ and gateway/, which are called like them."""

import os

import chassis
import gateway

# Services that a test starts talk to a broker only where the test says so.
os.environ["KAFKA_BOOTSTRAP_SERVERS"] = ""

__all__ = ["chassis", "gateway"]

"""The gateway's own metrics."""

from prometheus_client import Gauge

requests_waiting = Gauge("gateway_requests_waiting", "Requests that wait for their turn at a service.", ["upstream"])
open_streams = Gauge("notification_streams", "Pages that listen for notifications.")

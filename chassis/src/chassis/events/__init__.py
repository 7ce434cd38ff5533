"""Events between services: written with the change that made them true, published in order, applied once.

`cloud_event` is what an event is; `outbox` and `relay` are the way out, `consumer` with `inbox` and `dead_letters` the way in;
`contracts` knows schemas and topics, `command` is what operators do. `docs/decisions/` says why it is so.
"""

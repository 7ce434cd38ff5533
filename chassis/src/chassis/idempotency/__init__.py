"""Idempotency keys: however often a request that makes something is sent, the thing is made once, and every answer is the first one."""

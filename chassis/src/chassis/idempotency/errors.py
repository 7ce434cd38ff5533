"""What a request's idempotency key can be refused for."""

from chassis.problems import FieldsBody, Problem


class RequestInProgress(Problem):
    """The first request with this key is still being worked on."""

    type = "request-in-progress"
    title = "We are still working on that"
    status = 409
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "We are still working on this. Please wait a moment and try again.", headers={"retry-after": "2"}
        )


class KeyMissing(Problem):
    """A request that books came without a key."""

    type = "idempotency-key-missing"
    title = "The request has no key"
    status = 400


class KeyInvalid(Problem):
    """The key is no UUID."""

    type = "idempotency-key-invalid"
    title = "The request's key is not a UUID"
    status = 400


class KeyReused(Problem):
    """The key belongs to another request."""

    type = "idempotency-key-reused"
    title = "This was sent before"
    status = 422
    model = FieldsBody

    def __init__(self) -> None:
        super().__init__(
            "This was sent before with something else in it. Please send it as a new request.",
            fields=[{"path": "X-Idempotency-Key", "message": "This belongs to another request."}],
        )


TAKES_A_KEY = (KeyInvalid, KeyReused, RequestInProgress)

"""Every refusal that the gateway itself can give."""

from chassis.problems import FieldsBody, NotSignedIn, Problem, UpstreamUnavailable


class WrongCredentials(Problem):
    """No account has this e-mail and password; which of the two is wrong is not said."""

    type = "wrong-credentials"
    title = "That did not work"
    status = 401


class AccountClosed(Problem):
    """The password is right, and the business has closed the account."""

    type = "account-closed"
    title = "This account is closed"
    status = 403

    def __init__(self, business: str) -> None:
        super().__init__(closed_by(business))


class SessionOfClosedAccount(NotSignedIn):
    """The business has closed the account after this session began."""

    type = "account-closed"
    title = "This account is closed"

    def __init__(self, business: str) -> None:
        super().__init__(closed_by(business))


def closed_by(business: str) -> str:
    """Say who closed an account, and whom to ask."""
    return f"{business} has closed this account. Please ask their office if you think that this is a mistake."


class CsrfTokenInvalid(Problem):
    """A write with the cookie, without proof that our own page asked for it."""

    type = "csrf-token-invalid"
    title = "Please reload the page"
    status = 403


class EmailTaken(Problem):
    """The organization has an account with this e-mail already."""

    type = "email-taken"
    title = "There is an account with that e-mail"
    status = 409
    model = FieldsBody

    def __init__(self, message: str) -> None:
        super().__init__(message, fields=[{"path": "email", "message": message}])


class UnsupportedMedia(Problem):
    """The body is of a kind that is not taken here."""

    type = "unsupported-media-type"
    title = "We cannot read that kind of content"
    status = 415


class UpstreamBroken(UpstreamUnavailable):
    """A service answered what nobody can use."""

    status = 502

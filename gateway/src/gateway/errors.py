"""Every refusal that the gateway itself can give."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from chassis.problems import FieldsBody, InvalidRequest, NotSignedIn, Problem, UpstreamUnavailable


class WrongCredentials(Problem):
    """No account has this e-mail and password; which of the two is wrong is not said."""

    type = "wrong-credentials"
    title = "That did not work"
    status = 401

    def __init__(self) -> None:
        super().__init__("We know no account with this e-mail and password.")


class WrongPassword(InvalidRequest):
    """The current password, which a change of password needs, is wrong."""

    def __init__(self) -> None:
        words = "This is not right. Please type it again."
        super().__init__(words, fields=[{"path": "current_password", "message": words}])


class BusinessChoice(BaseModel):
    """A business where the person has an account."""

    slug: str
    name: str


class WhichBusinessBody(FieldsBody):
    """Problem details with the businesses to choose from, where there are several."""

    organizations: list[BusinessChoice] = Field(default_factory=list)


class WhichBusiness(InvalidRequest):
    """E-mail and password fit accounts with several businesses; a person with the password may read which."""

    model = WhichBusinessBody

    def __init__(self, businesses: Sequence[tuple[str, str]]) -> None:
        words = "You have accounts with several businesses. Please choose one."
        fields = [{"path": "organization", "message": words}]
        super().__init__(
            words, fields=fields, organizations=[{"slug": slug, "name": name} for slug, name in businesses]
        )


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
    """Return the sentence about a closed account: who closed it, and whom to ask."""
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
    """A service gave a response that cannot be used."""

    status = 502

"""Every refusal that the gateway itself can give."""

from chassis.problems import Problem, UpstreamUnavailable


class WrongCredentials(Problem):
    """No account has this e-mail and password; which of the two is wrong is not said."""

    type = "wrong-credentials"
    title = "That did not work"
    status = 401


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


class UnsupportedMedia(Problem):
    """The body is of a kind that is not taken here."""

    type = "unsupported-media-type"
    title = "We cannot read that kind of content"
    status = 415


class UpstreamBroken(UpstreamUnavailable):
    """A service answered what nobody can use."""

    status = 502

"""What the gateway is made of while it runs: made once, found by routes under `app.state.parts`."""

from dataclasses import dataclass

from chassis.database import Database
from gateway.device_cookies import DeviceCookies
from gateway.door import Door
from gateway.limiting import Limits
from gateway.passwords import Passwords
from gateway.sessions import Sessions
from gateway.settings import Settings
from gateway.sign_in import Authenticator
from gateway.streams import Streams
from gateway.telling import Telling


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that routes work with."""

    settings: Settings
    db: Database
    passwords: Passwords
    limits: Limits
    sessions: Sessions
    sign_in: Authenticator
    devices: DeviceCookies
    door: Door
    telling: Telling
    streams: Streams

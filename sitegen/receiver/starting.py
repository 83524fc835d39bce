"""Settings -> a receiver that is ready: its parts put together, its thread begun."""

from __future__ import annotations

import datetime as dt
import importlib.util
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from sitegen.build.lock import locked
from sitegen.receiver.app import Application
from sitegen.receiver.counters import Counters
from sitegen.receiver.courier import Courier
from sitegen.receiver.forges import way_of
from sitegen.receiver.forms import MAX_BYTES
from sitegen.receiver.intake import Intake
from sitegen.receiver.limits import Limits
from sitegen.receiver.mirror import Mirror
from sitegen.receiver.proof_of_work import Proof
from sitegen.receiver.published import Published
from sitegen.receiver.settings import Settings, SettingsError, secret_of
from sitegen.receiver.spool import Spool
from sitegen.receiver.tokens import TokenMaker

Now = Callable[[], dt.datetime]


class Receiver(msgspec.Struct, frozen=True):
    """A receiver of this process."""

    application: Application
    courier: Courier
    limits: Limits
    thread: threading.Thread

    def close(self) -> None:
        """End the thread after what it is doing; what waits stays on the disk.

        One that has not begun waits for another process to end, and will find nothing to do then.
        """
        self.courier.stop()
        if self.courier.begun.is_set():
            self.thread.join()
        self.limits.close()


def courier_of(settings: Settings, now: Now) -> Courier:
    """Return what carries comments from the spool of these settings to the forge."""
    site = Mirror(settings, settings.remote, "repository.git")
    mirror = Mirror(settings, settings.comments, "comments.git") if settings.comments else site
    spool = Spool(Path(settings.state) / "spool")
    deliver = way_of(settings, mirror)
    return Courier(
        spool, mirror, site, deliver, Counters(), lambda: now().timestamp(), settings.refresh
    )


def opened(settings: Settings, now: Now) -> Receiver:
    """Return a receiver whose thread works; of several processes, one at a time carries.

    Raises:
        SettingsError: Proof of work is asked for, and there is no library for it.
    """
    if settings.proof and importlib.util.find_spec("altcha") is None:
        raise SettingsError("SITEGEN_RECEIVE_PROOF needs altcha: pip install 'sitegen[receiver]'")
    tokens = TokenMaker(secret_of(settings))
    courier = courier_of(settings, now)
    folder = Path(settings.state)
    limits = Limits(folder, tokens)
    intake = Intake(
        settings=settings,
        tokens=tokens,
        proof=Proof(tokens, settings.proof),
        limits=limits,
        spool=courier.spool,
        published=Published(courier.site, courier.mirror),
        courier=courier,
        counters=courier.counters,
        now=now,
    )

    def work() -> None:
        with locked(folder / "courier.lock", lambda: None):
            courier.run()

    if settings.at_once or not courier.site.is_there():
        courier.look()  # else the first request would find nothing, and may be the only one
    thread = threading.Thread(target=work, name="courier", daemon=True)
    thread.start()
    return Receiver(Application(intake), courier, limits, thread)


def listen(settings: Settings, receiver: Receiver, bind: str, port: int) -> object:
    """Return waitress's server, which listens and has yet to `run`."""
    import waitress

    proxy = (
        {
            "trusted_proxy": settings.proxy,
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
            "clear_untrusted_proxy_headers": True,
        }
        if settings.proxy
        else {}
    )
    return waitress.create_server(
        receiver.application,
        host=bind,
        port=port,
        threads=8,
        ident=None,
        max_request_body_size=2 * MAX_BYTES,
        inbuf_overflow=2 * MAX_BYTES,
        **proxy,
    )

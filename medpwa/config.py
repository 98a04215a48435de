"""Configuration, from the environment only, with safe defaults; production fails closed and says why."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
SHORTEST_SECRET = 32
_WEAK_SECRETS = ("changeme", "secret", "password", "development", "test", "demo")


class ConfigurationError(SystemExit):
    """The environment does not allow a safe start; each line of the message is one thing to mend.

    Not caught, it ends the process with these words alone: whoever starts it reads sentences, not a traceback.
    """


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. `mode` is `production` (default), `demo` or `test`."""

    mode: str = "production"
    secret_key: str = ""
    database_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    public_url: str = ""
    label_key_file: Path = ROOT / "var" / "label.key"
    proxy_hops: int = 0
    debug: bool = False
    var: Path = ROOT / "var"
    host: str = "127.0.0.1"
    port: int = 8000
    problems: tuple[str, ...] = field(default=())

    @property
    def production(self) -> bool:
        return self.mode == "production"


def from_environment(environ: dict[str, str] | None = None) -> Settings:
    """Read the environment. Raises ConfigurationError naming every fault when production cannot start safely."""
    env = dict(os.environ if environ is None else environ)
    mode = env.get("MEDPWA_MODE", "production")
    if mode not in ("production", "demo", "test"):
        raise ConfigurationError(f"MEDPWA_MODE is {mode!r}; it must be production or demo.")
    var = Path(env.get("MEDPWA_VAR", ROOT / "var"))
    host, port = env.get("HOST", "127.0.0.1"), _port(env.get("PORT", "8000"))
    public = env.get("PUBLIC_URL", "" if mode == "production" else f"http://{host}:{port}")
    settings = Settings(
        mode=mode,
        secret_key=env.get("SECRET_KEY", "") or ("" if mode == "production" else _kept_secret(var)),
        database_url=env.get("DATABASE_URL", "") or f"sqlite:///{var / 'steady.db'}",
        trusted_hosts=_hosts(env, mode),
        public_url=public.rstrip("/"),
        label_key_file=Path(env.get("LABEL_KEY_FILE", var / "label.key")),
        proxy_hops=_hops(env.get("PROXY_HOPS", "0")),
        debug=env.get("FLASK_DEBUG", "") not in ("", "0") or env.get("DEBUG", "") not in ("", "0"),
        var=var,
        host=host,
        port=port,
    )
    faults = [*_faults(settings), *_clock_faults(env.get("MEDPWA_CLOCK", ""), mode)]
    if faults:
        raise ConfigurationError("\n".join(faults))
    return settings


def _hosts(env: dict[str, str], mode: str) -> tuple[str, ...]:
    named = tuple(h.strip() for h in env.get("TRUSTED_HOSTS", "").split(",") if h.strip())
    return named or (() if mode == "production" else ("127.0.0.1", "localhost", "[::1]"))


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 65535:
        raise ConfigurationError(f"PORT is {text!r}; it must be a number from 0 to 65535.")
    return int(text)


def _hops(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 5:
        raise ConfigurationError(f"PROXY_HOPS is {text!r}; it must be the number of proxies in front, 0 to 5.")
    return int(text)


def _faults(s: Settings) -> list[str]:
    if not s.production:
        if s.host not in LOOPBACK:
            return [f"Only production may listen beyond this machine; HOST is {s.host!r}. Use 127.0.0.1."]
        return []
    faults = []
    if not s.secret_key:
        faults.append("SECRET_KEY is not set. Set it to at least 32 random characters.")
    elif weak_secret(s.secret_key):
        faults.append("SECRET_KEY is too weak. Use at least 32 random characters.")
    if not s.trusted_hosts:
        faults.append("TRUSTED_HOSTS is not set. Name the hosts people use to reach this, separated by commas.")
    faults += [_host_words(host) for host in s.trusted_hosts if not _HOST.fullmatch(host)]
    if not s.public_url:
        faults.append("PUBLIC_URL is not set. Labels are printed with it.")
    elif not _host_of(s.public_url):
        faults.append("PUBLIC_URL names no host. Give the whole address people use, e.g. https://meds.example.org.")
    elif urlsplit(s.public_url).scheme != "https" and urlsplit(s.public_url).hostname not in LOOPBACK:
        faults.append("PUBLIC_URL must start with https://: cameras and sign-in need it.")
    if s.debug:
        faults.append("Debug is on (FLASK_DEBUG or DEBUG). Turn it off.")
    return faults


# A host name or address with perhaps a port; behind a leading dot, which stands for all hosts under a name, the name of
# an organisation (`.example.org`), never a whole country or everything.
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(
    rf"(?:{_LABEL}(?:\.{_LABEL})*|\.{_LABEL}(?:\.{_LABEL})+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?", re.ASCII
)


def _host_words(host: str) -> str:
    return (
        f"TRUSTED_HOSTS names {host!r}, which is no host. Name each host in full, e.g. meds.example.org, or all hosts "
        "under a name of yours with a dot before it, e.g. .example.org."
    )


def _host_of(url: str) -> str | None:
    """The host an address names; None when it names none or is not an address (a bracket without its pair)."""
    try:
        parts = urlsplit(url)
        return (parts if parts.scheme in ("http", "https") else urlsplit(f"//{url}")).hostname
    except ValueError:
        return None


def _clock_faults(wanted: str, mode: str) -> list[str]:
    """What is wrong with MEDPWA_CLOCK: it moves the clock, for the demo and its pictures alone."""
    if not wanted:
        return []
    if mode == "production":
        return ["MEDPWA_CLOCK is set. It moves the clock, so production does not start with it. Unset it."]
    try:
        dt.datetime.fromisoformat(wanted)
    except ValueError:
        return [f"MEDPWA_CLOCK is {wanted!r}; it must be a local date and time, e.g. 2026-11-16T12:04."]
    return []


def weak_secret(text: str) -> bool:
    """Whether a signing secret is too short, too uniform or a known placeholder."""
    lowered = text.lower()
    return len(text) < SHORTEST_SECRET or len(set(text)) < 10 or any(lowered.startswith(w) for w in _WEAK_SECRETS)


def _kept_secret(var: Path) -> str:
    """Demo only: one random secret a machine, kept so that a restart does not sign people out."""
    return read_or_make(var / "demo-secret", lambda: secrets.token_urlsafe(48).encode()).decode()


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """A secret file's bytes, made once with owner-only rights. Two processes racing end up with the same bytes."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        spare = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with open(os.open(spare, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as out:
            out.write(make())
        try:
            os.link(spare, path)  # fails if another process was first: theirs stands
        except FileExistsError:
            pass
        finally:
            spare.unlink()
    return path.read_bytes()

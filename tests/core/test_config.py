"""Configuration: production fails closed and names every fault; the demo never leaves this machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from medpwa import config, database, web
from medpwa.config import ConfigurationError, Settings
from medpwa.staff import founding

ROOT = Path(config.ROOT)
STRONG = "9f2b7c41d8e6a05f3b1c8d7e4a2f6b90"
SAFE = {
    "SECRET_KEY": STRONG,
    "TRUSTED_HOSTS": "meds.example.org, www.meds.example.org",
    "PUBLIC_URL": "https://meds.example.org/",
}


def environment(tmp_path, **changes: str | None) -> dict[str, str]:
    """A production environment that would start, with changes; None unsets."""
    env = SAFE | {"MEDPWA_VAR": str(tmp_path)} | changes
    return {name: value for name, value in env.items() if value is not None}


def test_a_complete_production_environment_starts(tmp_path):
    settings = config.from_environment(environment(tmp_path))
    assert settings.production and not settings.debug
    assert settings.trusted_hosts == ("meds.example.org", "www.meds.example.org")
    assert settings.public_url == "https://meds.example.org"
    assert settings.database_url == f"sqlite:///{tmp_path}/steady.db"
    assert settings.label_key_file == tmp_path / "label.key"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "changeme-" + STRONG}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "Demo" + STRONG}, "SECRET_KEY is too weak"),
        ({"TRUSTED_HOSTS": None}, "TRUSTED_HOSTS is not set"),
        ({"TRUSTED_HOSTS": " , "}, "TRUSTED_HOSTS is not set"),
        ({"PUBLIC_URL": None}, "PUBLIC_URL is not set"),
        ({"PUBLIC_URL": "http://meds.example.org"}, "PUBLIC_URL must start with https://"),
        ({"PUBLIC_URL": "meds.example.org"}, "PUBLIC_URL must start with https://"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL names no host"),
        ({"PUBLIC_URL": "https:///labels"}, "PUBLIC_URL names no host"),
        ({"PUBLIC_URL": "https://:443"}, "PUBLIC_URL names no host"),
        ({"PUBLIC_URL": "https://[::1"}, "PUBLIC_URL names no host"),
        ({"TRUSTED_HOSTS": "*"}, "TRUSTED_HOSTS names '\\*'"),
        ({"TRUSTED_HOSTS": "."}, "TRUSTED_HOSTS names '.'"),
        ({"TRUSTED_HOSTS": "meds.example.org, .org"}, "TRUSTED_HOSTS names '.org'"),
        ({"TRUSTED_HOSTS": "*.example.org"}, "TRUSTED_HOSTS names '\\*.example.org'"),
        ({"TRUSTED_HOSTS": "https://meds.example.org"}, "TRUSTED_HOSTS names 'https://"),
        ({"MEDPWA_CLOCK": "2026-11-16T12:04"}, "MEDPWA_CLOCK is set"),
        ({"FLASK_DEBUG": "1"}, "Debug is on"),
        ({"DEBUG": "true"}, "Debug is on"),
        ({"PORT": "80eighty"}, "PORT is '80eighty'"),
        ({"PORT": "８０"}, "PORT is"),
        ({"PORT": "70000"}, "PORT is '70000'"),
        ({"PROXY_HOPS": "-1"}, "PROXY_HOPS is '-1'"),
        ({"PROXY_HOPS": "many"}, "PROXY_HOPS is 'many'"),
        ({"MEDPWA_MODE": "prod"}, "MEDPWA_MODE is 'prod'"),
    ],
)
def test_production_refuses_an_unsafe_environment_and_says_which(tmp_path, change, names):
    with pytest.raises(ConfigurationError, match=names) as refused:
        config.from_environment(environment(tmp_path, **change))
    assert STRONG not in str(refused.value)


@pytest.mark.parametrize(
    "hosts", ["meds.example.org:8443", ".example.org", "localhost", "10.0.0.7,[::1]:8000", "care-home"]
)
def test_hosts_named_in_full_and_all_under_a_name_are_trusted(tmp_path, hosts):
    assert config.from_environment(environment(tmp_path, TRUSTED_HOSTS=hosts)).trusted_hosts == tuple(hosts.split(","))


def test_a_clock_nobody_can_read_is_a_sentence_in_the_demo_too(tmp_path):
    env = {"MEDPWA_MODE": "demo", "MEDPWA_VAR": str(tmp_path), "MEDPWA_CLOCK": "half past ten"}
    with pytest.raises(ConfigurationError, match="MEDPWA_CLOCK is 'half past ten'; it must be a local date and time"):
        config.from_environment(env)
    assert config.from_environment(env | {"MEDPWA_CLOCK": "2026-11-16T12:04"}).mode == "demo"


def test_every_fault_is_named_at_once(tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        config.from_environment({"MEDPWA_VAR": str(tmp_path), "FLASK_DEBUG": "1"})
    said = str(refused.value).splitlines()
    assert [line.split()[0] for line in said] == ["SECRET_KEY", "TRUSTED_HOSTS", "PUBLIC_URL", "Debug"]


def test_an_empty_environment_is_production_and_refuses(tmp_path):
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        config.from_environment({"MEDPWA_VAR": str(tmp_path)})
    assert not list(tmp_path.iterdir()), "a refused start must not leave a secret behind"


@pytest.mark.parametrize("mode", ["demo", "test"])
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "::", "meds.example.org", ""])
def test_only_production_listens_beyond_this_machine(tmp_path, mode, host):
    with pytest.raises(ConfigurationError, match="Only production may listen beyond this machine"):
        config.from_environment({"MEDPWA_MODE": mode, "MEDPWA_VAR": str(tmp_path), "HOST": host})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_the_demo_starts_on_this_machine_with_nothing_set(tmp_path, host):
    settings = config.from_environment({"MEDPWA_MODE": "demo", "MEDPWA_VAR": str(tmp_path), "HOST": host})
    assert len(settings.secret_key) >= 32
    again = config.from_environment({"MEDPWA_MODE": "demo", "MEDPWA_VAR": str(tmp_path), "HOST": host})
    assert again.secret_key == settings.secret_key, "a restart would sign people out"
    assert stat.S_IMODE((tmp_path / "demo-secret").stat().st_mode) == 0o600


def test_two_processes_that_make_a_secret_at_once_end_up_with_the_same(tmp_path):
    path = tmp_path / "deep" / "label.key"

    def make() -> bytes:
        path.write_bytes(b"the other process was first")
        return b"ours"

    assert config.read_or_make(path, make) == b"the other process was first"
    assert [p.name for p in path.parent.iterdir()] == ["label.key"]


# ---------------------------------------------------------------- demo data under production


def production_settings(url: str, tmp_path) -> Settings:
    """Settings a production start would have, on a database."""
    return Settings(
        secret_key=STRONG,
        database_url=url,
        trusted_hosts=("meds.example.org",),
        public_url="https://meds.example.org",
        label_key_file=tmp_path / "label.key",
        var=tmp_path,
    )


def test_production_refuses_a_database_that_holds_the_demo(world, tmp_path):
    url = world.settings.database_url
    database.close_all()
    web.create_app(production_settings(url, tmp_path))  # the same database without it is served
    founding.found_provider("Larkhill Care Ltd (demo)")
    database.close_all()
    with pytest.raises(ConfigurationError, match="holds the demo home"):
        web.create_app(production_settings(url, tmp_path))


def test_production_starts_on_a_database_that_is_not_there_yet_so_that_it_can_be_made(tmp_path):
    path = tmp_path / "later" / "steady.db"
    web.create_app(production_settings(f"sqlite:///{path}", tmp_path))
    database.close_all()
    assert not path.parent.exists(), "looking for the demo must not make a database"


def test_production_does_not_start_on_a_database_it_cannot_read(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read") as refused:
        web.create_app(production_settings("postgresql://nurse:hunter2@127.0.0.1:1/none", tmp_path))
    database.close_all()
    assert "hunter2" not in str(refused.value)


def test_a_refused_start_is_sentences_on_the_screen_and_no_traceback(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MEDPWA_", "FLASK_"))}
    env |= {"MEDPWA_VAR": str(tmp_path), "SECRET_KEY": "password", "MEDPWA_CLOCK": "2026-11-16T12:04"}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "serve"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("SECRET_KEY is too weak")
    assert "MEDPWA_CLOCK is set" in done.stderr and "Traceback" not in done.stderr

"""Commands: `flask --app app db-up | demo | ledger verify | jobs | worker | serve | permits`."""

from __future__ import annotations

import os
import sys
import threading

import click
from flask import Flask
from flask.cli import AppGroup

from medpwa import config, database, jobs, ledger, logs, notes_seal, permits


def register(app: Flask) -> None:
    """Give the application its commands."""
    settings: config.Settings = app.config["SETTINGS"]

    @app.cli.command("db-up")
    def db_up() -> None:
        """Bring the database up to date."""
        applied = database.migrate(settings.database_url)
        click.echo(f"Database: {len(applied)} migrations applied." if applied else "Database: up to date.")

    @app.cli.command("demo")
    @click.option("--if-empty", is_flag=True, help="Only when the database holds no home yet.")
    @click.option("--fresh", is_flag=True, help="Begin the demo home afresh and keep the old file.")
    def demo(if_empty: bool, fresh: bool) -> None:
        """Load the demo home (not in production)."""
        from medpwa.demo import load

        if settings.production:
            raise click.ClickException("The demo home is not for production. Set MEDPWA_MODE=demo to try it.")
        load.run(settings, fresh=fresh, if_empty=if_empty, say=click.echo)

    group = AppGroup("ledger", help="The trail.")
    app.cli.add_command(group)

    @group.command("verify")
    def verify() -> None:
        """Recompute every chain and record; exit 1 when something does not add up."""
        faults = ledger.verify() + notes_seal.verify()
        for fault in faults:
            click.echo(f"FAULT  {fault.where}: {fault.words}")
        click.echo(f"{ledger.count_lines()} lines verified, {len(faults)} faults.")
        sys.exit(1 if faults else 0)

    @app.cli.command("permits")
    def show_permits() -> None:
        """Print who may do what."""
        click.echo(permits.printed())

    @app.cli.command("jobs")
    @click.option("--again", type=int, metavar="NUMBER", help="Try the job with this number once more.")
    def failed_jobs(again: int | None) -> None:
        """List background jobs that were given up; exit 1 when there are any."""
        if again is not None:
            if not jobs.again(again):
                raise click.ClickException(f"No job {again} was given up.")
            click.echo(f"Job {again} will be tried again at once.")
            return
        failed = jobs.given_up()
        for job in failed:
            click.echo(
                f"{job.id:>8}  {job.key}: {jobs.SAYS.get(job.kind, job.kind)} ({job.error or 'its worker died'})"
            )
        click.echo(f"{len(failed)} background jobs were given up." if failed else "No background job was given up.")
        sys.exit(1 if failed else 0)

    @app.cli.command("worker")
    def worker() -> None:
        """Run background jobs until stopped."""
        import signal

        logs.configure()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        signal.signal(signal.SIGINT, lambda *_: stop.set())
        jobs.work(stop.wait)

    @app.cli.command("serve")
    def serve() -> None:
        """Serve the application with its worker beside it."""
        from medpwa import server

        if os.name == "posix":
            server.take_over()
        sys.exit(server.run(settings))

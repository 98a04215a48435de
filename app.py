"""The WSGI application a server loads: `app:app`."""

from medpwa.web import create_app

app = create_app()

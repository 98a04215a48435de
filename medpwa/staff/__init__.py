"""People who work here: sign-in, sessions, roles, duties."""

"""Faults: servers killed and restarted under load, and one checker that judges what was sent, answered and stored."""

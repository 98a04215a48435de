"""Pages that gather from all: where somebody lands, more, alerts, the shell of the app."""

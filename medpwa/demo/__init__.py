"""The demo home as tables: people, team, medicines, and how a week of doses comes out. All of it is invented."""

"""People who live here: details, photo, allergies, labels with codes, where they are by date."""

"""What is prescribed: versioned orders, schedules, doses due, the second check."""

"""The round: scan, ready, record, report, gaps."""

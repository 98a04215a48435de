"""How the ledger's lines of the round read in a history."""

SENTENCES: dict[str, str] = {
    "mar.scan": "Scanned a label, or typed its code",
    "mar.open_without_scan": "Opened the card without a scan",
    "labels.report_wrong": "Said that a label seems to be in the wrong place",
    "mar.ready": "Tried to make a dose ready",
    "mar.record": "Recorded a dose",
    "mar.ask_help": "Asked a colleague for help with a dose",
    "mar.ask_witness": "Asked a colleague to witness a dose",
    "mar.witness": "Confirmed as the witness of a dose",
    "mar.set_letters": "Chose the letters of the outcomes",
    "mar.report_given": "Reported a dose already given",
    "mar.close_report": "Closed a report of a dose already given",
    "round.settings": "Changed a round",
    "round.end_part": "Ended their part of a round",
}
REFUSED: dict[str, str] = {
    "mar.scan": "Tried to open a card by a code",
    "mar.open_without_scan": "Tried to open the card without a scan",
    "labels.report_wrong": "Tried to say that a label seems to be in the wrong place",
    "mar.ready": "Tried to make a dose ready",
    "mar.record": "Tried to record a dose",
    "mar.ask_help": "Tried to ask a colleague for help with a dose",
    "mar.ask_witness": "Tried to ask a colleague to witness a dose",
    "mar.witness": "Tried to witness a dose",
    "mar.set_letters": "Tried to choose the letters of the outcomes",
    "mar.report_given": "Tried to report a dose already given",
    "mar.close_report": "Tried to close a report of a dose already given",
    "round.settings": "Tried to change a round",
    "round.end_part": "Tried to end their part of a round",
}

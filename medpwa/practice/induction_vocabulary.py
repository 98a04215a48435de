"""Words of the short induction of agency and bank staff."""

# What somebody who comes from outside is shown before their first round: key, words to tick.
ITEMS: dict[str, str] = {
    "sign_in": "Signs in as themselves, and never shares a PIN",
    "round": "Was shown a round here: scan, ready, record beside the person",
    "people": "Knows where allergies, swallowing and likes are written",
    "keys": "Knows where medicines are locked away, and who holds the keys",
    "help": "Knows who leads the shift, and how to reach who is on call",
    "limits": "Knows what they leave to others: controlled drugs, writing records, what they are not signed off for",
    "mistakes": "Knows what to do after a mistake, a refusal, or a medicine that is not there",
    "emergency": "Knows how to call for help, and where the first aid is",
}
# What an agency's paper may be taken for until the first round here is observed; everything else, controlled drugs and
# writing records before all, is assessed here or not done.
FROM_A_PAPER: tuple[str, ...] = ("oral", "topical", "patch", "drops", "inhaler")
KINDS: dict[str, str] = {"agency": "From an agency", "bank": "From the bank"}
ROLES_FROM_OUTSIDE = ("carer", "senior_carer")
LONGEST_LINE = 160

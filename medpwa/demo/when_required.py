"""The when-required medicines of demo home 11.1 with their protocols, and which of them were given on which days.

Doses, intervals and most in 24 hours are the demo home's; the words of the protocols are chosen. Rescue midazolam and
glucose gel are of this kind too; injections kept in advance for the end of life wait for the visiting nurse's forms.
"""

from __future__ import annotations

from typing import Any

from medpwa.demo.medicine_line import Order

HOURS = 60


def _protocol(
    condition: str, signs: str, shows: str, reasons: list[str], effect: int, prescriber_when: str, **more: Any
) -> dict[str, Any]:
    return {
        "condition": condition,
        "signs": signs,
        "can_ask": more.pop("can_ask", False),
        "shows_need": shows,
        "reasons": reasons,
        "effect_after": effect,
        "review": more.pop("review", "At the next monthly review, sooner if it is used every day or not at all"),
        "prescriber_when": prescriber_when,
        "duration": more.pop("duration", "Long term"),
        **more,
    }


LINES: tuple[Order, ...] = (
    Order("R01", "paracetamol", "500 mg", "tablet", "1", "tablet", (), "pain", kind="prn", dose_most="2",
          dose_choice="1 for an ache she can sit with, 2 when it stops her moving or sleeping",
          min_interval=4 * HOURS, most_24h="8", ingredients=(("paracetamol", "500", "4000"),),
          protocol=_protocol(
              "Pain in the back and hips", "Holds her hip, walks more slowly, will not turn in bed",
              "She says so when asked; ask her where and how bad it is", ["Back pain", "Hip pain", "Headache"], 60,
              "When two tablets do not help within two hours, or it is needed on five days running",
              can_ask=True, steps=["A cushion behind her back", "A short walk with her frame"])),
    Order("R03", "lorazepam", "1 mg", "tablet", "0.5", "tablet", (), "severe distress", dose_mg="0.5 mg", kind="prn",
          min_interval=6 * HOURS, most_24h="1", ingredients=(("lorazepam", "1", "1"),), psychotropic=True,
          more_skills=("prn_psychotropic",),
          protocol=_protocol(
              "Severe distress that nothing else eases", "Calls out without stopping, pushes away, tries the doors",
              "She cannot say so: her face is tight and she rocks", ["Calling out", "Pushing away", "Very frightened"],
              45, "The same day when it does not help, and before a third dose in a week",
              steps=["Walk with her", "Her music", "Offer the toilet", "Offer a drink", "Her daughter's recording"],
              review="Reviewed by the GP on day 19 before today; next review in four weeks",
              duration="As short as can be: reviewed every four weeks", most_days=3)),
    Order("R04", "glucose", "40 %", "oral gel", "10", "g", (), "low blood sugar", kind="prn", dose_most="20",
          dose_choice="10 g when he is awake and only pale, 20 g when he is sweating or slow to answer",
          min_interval=15, most_24h="60", route="cheek", high_risk=True,
          protocol=_protocol(
              "Blood sugar under 4 while he can still swallow", "Pale, sweating, shaky, confused, unlike himself",
              "He may only go quiet: measure when in doubt", ["Blood sugar under 4", "Shaky and sweating"], 15,
              "Every time it is given; 999 when he cannot swallow or does not wake")),
    Order("R06", "morphine sulfate", "10 mg/5 mL", "oral solution", "2.5", "mL", (), "breakthrough pain", kind="prn",
          dose_most="5", dose_choice="2.5 mL for pain up to 5 of 10, 5 mL for worse",
          min_interval=4 * HOURS, most_24h="30", ingredients=(("morphine", "2", "60"),), controlled=True, witness=True,
          high_risk=True, more_skills=("controlled",),
          protocol=_protocol(
              "Pain that breaks through his patch", "Groans when moved, grips the rail, will not eat",
              "He gives it a number from 0 to 10 when asked", ["Bone pain", "Pain on moving", "Pain at night"], 60,
              "When two doses in a day do not help, or he is drowsy or breathes slowly",
              can_ask=True, steps=["Turn him and support his legs", "A heat pad on his back"],
              order_of_use="His patch stays on; this comes on top of it", review="Weekly, with the hospice nurse")),
    Order("R06", "mouth-care gel", "", "oral gel", "1", "application", (), "dry mouth", kind="prn",
          min_interval=2 * HOURS, most_24h="12", route="cheek",
          protocol=_protocol(
              "Dry or sore mouth", "Dry lips, sticky tongue", "He licks his lips or asks for a drink",
              ["Dry mouth", "Sore mouth"], 30, "When his mouth is sore or white for two days",
              can_ask=True, steps=["Sips of water", "Moist sponge"])),
    Order("R07", "salbutamol", "100 micrograms", "metered dose inhaler", "2", "puff", (), "breathlessness", kind="prn",
          min_interval=4 * HOURS, most_24h="8", route="inhaled",
          instructions=("Through the spacer, one puff at a time",),
          protocol=_protocol(
              "Breathlessness from her lung disease", "Short sentences, shoulders up, wheeze",
              "She points to her chest or asks for the blue one", ["Breathless", "Wheezing"], 20,
              "When it does not help within 20 minutes, or more than 8 puffs would be needed; 999 when she is blue",
              can_ask=True, steps=["Sit her up, leaning on a pillow", "Open the window, breathe out slowly with her"])),
    Order("R08", "midazolam", "10 mg/2 mL", "oromucosal solution", "2", "mL", (), "seizure over 5 minutes",
          dose_mg="10 mg", kind="prn", min_interval=24 * HOURS, most_24h="2", route="cheek", high_risk=True,
          psychotropic=False, more_skills=("buccal_midazolam",),
          protocol=_protocol(
              "A seizure that lasts over 5 minutes", "Stiff, then jerking; does not answer",
              "Time it from the first sign; he cannot show it", ["Seizure over 5 minutes"], 10,
              "Every time; 999 when it has not stopped 5 minutes later, or a second one comes",
              duration="Long term, reviewed by the epilepsy nurse")),
    Order("R10", "glyceryl trinitrate", "400 micrograms", "sublingual spray", "1", "spray", (), "angina", kind="prn",
          dose_most="2", dose_choice="1 first; 2 where one did not settle it the last time", min_interval=5,
          most_24h="6", route="tongue", instructions=("Sit him down first",),
          protocol=_protocol(
              "Chest pain from angina", "Hand on his chest, grey, short of breath",
              "He says so: ask him where it is", ["Chest pain", "Chest tightness"], 5,
              "999 when it has not settled 5 minutes after a second time", can_ask=True)),
    Order("R11", "zopiclone", "3.75 mg", "tablet", "1", "tablet", (), "cannot sleep", kind="prn",
          min_interval=24 * HOURS, most_24h="1", psychotropic=True, more_skills=("prn_psychotropic",), from_day=-13,
          protocol=_protocol(
              "Lying awake and upset about it", "Awake an hour after lights out, gets up again and again",
              "She says she cannot settle", ["Awake and upset"], 60,
              "When it is needed more than three nights in a week", can_ask=True,
              steps=["Lamp on and a quiet talk", "Warm milk"], review="14 days after it began", most_days=3,
              duration="Two weeks")),
    Order("R12", "lorazepam", "1 mg", "tablet", "1", "tablet", (), "severe anxiety", kind="prn",
          min_interval=6 * HOURS, most_24h="2", ingredients=(("lorazepam", "1", "2"),), psychotropic=True,
          more_skills=("prn_psychotropic",), from_day=-9, until_day=-1,
          source="GP list he brought, copied by hand and checked by a second person",
          protocol=_protocol(
              "Severe anxiety", "Paces, cannot sit through a meal", "He asks for it when it is bad",
              ["Very anxious"], 60, "When two doses in a day do not help", can_ask=True,
              steps=["A walk outside", "A talk with somebody he knows"], duration="For his stay")),
)

# How many doses each block of days had (demo home 11.3 and its pinned figures: 24, 19, 20 and 30, 93 in all), with the
# first and last day they may fall on where the story says it, and the hours of the day they are needed in.
#   R03's lorazepam: 8 before its review on day -19, one after. Glucose gel: one on day -19, with a blood sugar of 3.6.
#   Rescue midazolam: once, on day -11, stopped after 3 minutes.
USES: dict[tuple[str, str], tuple[int, int, int, int]] = {
    ("R01", "paracetamol"): (5, 4, 4, 5),
    ("R03", "lorazepam"): (5, 3, 0, 1),
    ("R04", "glucose"): (0, 1, 0, 1),
    ("R06", "morphine sulfate"): (6, 4, 5, 7),
    ("R06", "mouth-care gel"): (4, 3, 5, 8),
    ("R07", "salbutamol"): (4, 4, 3, 3),
    ("R08", "midazolam"): (0, 0, 1, 0),
    ("R10", "glyceryl trinitrate"): (0, 0, 1, 0),
    ("R11", "zopiclone"): (0, 0, 1, 3),
    ("R12", "lorazepam"): (0, 0, 0, 2),
}
EFFECTS_RECORDED = (14, 14, 18, 29)

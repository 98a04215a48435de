"""The regular medicines of those on the ground floor, as demo home 11.1 writes them: R01 to R06.

Doses, strengths and times are the demo home's; products, pack forms and wording are chosen where it gives none. What
waits for kinds with forms of their own is listed in docs/decisions/demo-thirty-days.md.
"""

from __future__ import annotations

from medpwa.demo.medicine_line import (
    BD,
    CRITICAL,
    HALF,
    MONDAY,
    NOON,
    OM,
    ON,
    PARKINSONS,
    QDS,
    STEROID,
    TEA,
    Order,
)

LINES: tuple[Order, ...] = (
    # R01 Margaret Ellison
    Order("R01", "co-careldopa", "25/100 mg", "tablet", "1", "tablet", ("07:00", "11:00", "15:00", "19:00"),
          "Parkinson's", instructions=("Not with a high-protein meal",), asleep="wake", **PARKINSONS),
    Order("R01", "co-careldopa", "50/200 mg", "modified-release tablet", "1", "tablet", ("22:00",),
          "Parkinson's overnight", instructions=("Swallow whole, do not crush",), asleep="wake", **PARKINSONS),
    Order("R01", "macrogol 3350", "13.125 g", "powder for oral solution", "1", "sachet", BD,
          "constipation", instructions=("Stir into 125 mL of water",)),
    # R02 Arthur Pemberton. Digoxin waits: its pulse is a reading.
    Order("R02", "warfarin", "1 mg and 3 mg", "tablet", "", "mg", ("18:00",), "preventing stroke from uneven heartbeat",
          instructions=("The dose stands in the newest letter from the clinic",), pattern=("advised",),
          more_skills=("warfarin",), high_risk=True, **CRITICAL),
    Order("R02", "bisoprolol", "2.5 mg", "tablet", "1", "tablet", (OM,), "heart failure and uneven heartbeat"),
    Order("R02", "furosemide", "40 mg", "tablet", "1", "tablet", (OM,), "fluid from heart failure"),
    Order("R02", "atorvastatin", "20 mg", "tablet", "1", "tablet", (ON,), "cholesterol"),
    Order("R02", "doxycycline", "100 mg", "capsule", "1", "capsule", (OM,), "chest infection",
          instructions=("Upright, with a full glass of water", "With warfarin: an INR in 3 to 5 days"),
          pattern=("stepped", (1, "2", (OM,)), (6, "1", (OM,))), from_day=-23, until_day=-16),
    # R03 Doris Whitcombe. From day -20 the first three are given by a covert plan; plans, thickener and food drinks
    # wait, so here they are what they are without one: given openly, in a form she can swallow.
    Order("R03", "memantine", "10 mg/mL", "oral solution", "1", "mL", (OM,), "memory", dose_mg="10 mg",
          instructions=("Use an oral syringe",)),
    Order("R03", "sertraline", "50 mg", "tablet", "1", "tablet", (OM,), "low mood",
          instructions=("Crush, in a spoon of thickened yoghurt, as the pharmacist wrote",)),
    Order("R03", "amlodipine", "1 mg/mL", "oral solution", "5", "mL", (OM,), "blood pressure", dose_mg="5 mg",
          instructions=("Use an oral syringe",)),
    Order("R03", "paracetamol", "250 mg/5 mL", "oral suspension", "10", "mL", QDS, "pain", dose_mg="500 mg",
          instructions=("Under 50 kg: 500 mg is her whole dose", "Use an oral syringe"), min_interval=240,
          most_24h="40", ingredients=(("paracetamol", "50", "2000"),), time_class="interval"),
    # R04 Harold Nkemelu
    Order("R04", "metformin", "500 mg", "tablet", "1", "tablet", BD, "diabetes", food="with"),
    Order("R04", "ramipril", "5 mg", "capsule", "1", "capsule", (OM,), "blood pressure and kidneys"),
    # A visiting nurse gives it: nobody here can, and what the nurse did or did not is what is recorded.
    Order("R04", "hydroxocobalamin", "1 mg/mL", "solution for injection", "1", "mL", ("10:00",), "low vitamin B12",
          dose_mg="1 mg", route="injection", instructions=("Sr J. Reid, community nurse, comes to give it",),
          window_before=120, window_after=120, pattern=("every_n_weeks", 12, -4), time_class="long"),
    Order("R04", "hydroxocobalamin", "1 mg/mL", "solution for injection", "1", "mL", ("10:00",), "low vitamin B12",
          dose_mg="1 mg", route="injection", instructions=("Sr J. Reid, community nurse, comes to give it",),
          window_before=120, window_after=120, kind="once", from_day=1, until_day=2, charted=-3,
          source="Visit booked again with the community nurses"),
    # R05 Sylvia Brandreth
    Order("R05", "alendronic acid", "70 mg", "tablet", "1", "tablet", ("06:30",), "strong bones",
          instructions=("Full glass of plain water, nothing else with it", "Upright for 30 minutes afterwards"),
          window_before=HALF, window_after=HALF, food="before", pattern=("weekdays", MONDAY), guard_days=6,
          time_class="food"),
    Order("R05", "levothyroxine", "75 microgram", "tablet", "1", "tablet", ("07:00",), "underactive thyroid",
          instructions=("At least 4 hours apart from calcium",), window_before=HALF, window_after=HALF,
          food="before", time_class="food"),
    Order("R05", "calcium carbonate / colecalciferol", "1.5 g/400 unit", "chewable tablet", "1", "tablet", (NOON, TEA),
          "strong bones", instructions=("Chew it", "At least 4 hours apart from levothyroxine")),
    Order("R05", "lactulose", "3.1 g/5 mL", "oral solution", "15", "mL", BD, "constipation"),
    Order("R05", "latanoprost", "50 micrograms/mL", "eye drops", "1", "drop", (ON,), "glaucoma",
          route="eye", site="both eyes",
          instructions=("In the fridge until opened", "Discard 28 days after opening", "5 minutes between eye drops")),
    Order("R05", "carmellose", "0.5 %", "eye drops", "1", "drop", QDS, "dry eyes", route="eye", site="both eyes",
          instructions=("5 minutes between eye drops", "After latanoprost at night")),
    # R06 George Ackerley
    Order("R06", "senna", "7.5 mg", "tablet", "2", "tablet", (ON,), "constipation", dose_mg="15 mg"),
    Order("R06", "docusate sodium", "100 mg", "capsule", "1", "capsule", BD, "constipation"),
    Order("R06", "dexamethasone", "2 mg", "tablet", "1", "tablet", (OM,), "appetite and bone pain",
          instructions=(STEROID,), food="with"),
)

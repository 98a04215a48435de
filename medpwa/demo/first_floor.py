"""The regular medicines of those on the first floor, as demo home 11.1 writes them: R07 to R12.

Doses, strengths and times are the demo home's; products, pack forms and wording are chosen where it gives none. What
waits for kinds with forms of their own is listed in docs/decisions/demo-thirty-days.md.
"""

from __future__ import annotations

from medpwa.demo.medicine_line import (
    BD,
    CRITICAL,
    FRIDAY,
    HAND_COPIED,
    OM,
    ON,
    QDS,
    STEROID,
    TDS,
    TUBE_BD,
    WEDNESDAY,
    Order,
)

FLUSH = "Flush the tube with 30 mL of water before and after, and 10 mL between medicines"

LINES: tuple[Order, ...] = (
    # R07 Ivy Cartledge
    Order("R07", "fluticasone furoate / umeclidinium / vilanterol", "92/55/22 micrograms", "dry powder inhaler", "1",
          "puff", (OM,), "lung disease (COPD)", route="inhaled", instructions=("Rinse mouth and spit out afterwards",)),
    Order("R07", "prednisolone", "5 mg and 2.5 mg", "tablet", "15", "mg", (OM,), "polymyalgia (PMR)",
          instructions=(STEROID,), food="with", from_day=-30,
          pattern=("stepped", (14, "15", (OM,)), (14, "12.5", (OM,)), (None, "10", (OM,)))),
    Order("R07", "omeprazole", "20 mg", "capsule", "1", "capsule", (OM,), "protecting the stomach",
          instructions=("Swallow whole, do not crush",)),
    Order("R07", "carbocisteine", "375 mg", "capsule", "2", "capsule", TDS, "thick phlegm", dose_mg="750 mg"),
    # R08 Kenneth Oduya
    Order("R08", "sodium valproate", "200 mg/5 mL", "oral solution", "12.5", "mL", TUBE_BD, "epilepsy",
          dose_mg="500 mg", route="peg", instructions=(FLUSH,), **CRITICAL),
    Order("R08", "levetiracetam", "100 mg/mL", "oral solution", "7.5", "mL", TUBE_BD, "epilepsy",
          dose_mg="750 mg", route="peg", instructions=(FLUSH,), **CRITICAL),
    Order("R08", "baclofen", "5 mg/5 mL", "oral solution", "10", "mL", TDS, "stiff muscles",
          dose_mg="10 mg", route="peg", instructions=(FLUSH, "Never stop suddenly")),
    Order("R08", "lansoprazole", "30 mg", "orodispersible tablet", "1", "tablet", (OM,), "acid reflux",
          route="peg", instructions=("Disperse in 10 mL of water, do not crush", FLUSH)),
    # R09 Beryl Haworth. What she looks after herself waits for self-administration; these two the staff give.
    Order("R09", "methotrexate", "2.5 mg", "tablet", "4", "tablet", ("18:00",), "rheumatoid arthritis",
          dose_mg="10 mg", instructions=("Once a week, on Wednesdays only", "2.5 mg tablets only: count four"),
          pattern=("weekdays", WEDNESDAY), guard_days=6, high_risk=True, time_class="long"),
    Order("R09", "folic acid", "5 mg", "tablet", "1", "tablet", (OM,), "with methotrexate, on another day",
          pattern=("weekdays", FRIDAY), guard_days=6, time_class="long"),
    # R10 Frank Delaney
    Order("R10", "furosemide", "40 mg", "tablet", "1", "tablet", (OM,), "fluid from heart failure"),
    Order("R10", "allopurinol", "100 mg", "tablet", "1", "tablet", (OM,), "preventing gout",
          food="with"),
    Order("R10", "spironolactone", "25 mg", "tablet", "1", "tablet", (OM,), "heart failure",
          pattern=("every_n_days", 2, -30)),
    Order("R10", "apixaban", "2.5 mg", "tablet", "1", "tablet", BD, "preventing clots and stroke",
          instructions=("Never miss a dose: tell the shift leader the same day",), high_risk=True, **CRITICAL),
    Order("R10", "emollient", "", "cream", "1", "application", BD, "eczema", route="skin", site="arms and legs",
          instructions=("Wear gloves", "Fire risk: keep away from flames and cigarettes")),
    Order("R10", "hydrocortisone", "1 %", "cream", "1", "application", BD, "eczema flare", route="skin",
          site="left forearm", instructions=("Thinly, on the sore skin only", "30 minutes apart from the emollient"),
          from_day=-20, until_day=-13),
    # R11 Winifred Sato
    Order("R11", "donepezil", "10 mg", "tablet", "1", "tablet", (ON,), "memory", asleep="never"),
    Order("R11", "senna", "7.5 mg", "tablet", "2", "tablet", (ON,), "constipation", dose_mg="15 mg",
          asleep="never"),
    Order("R11", "colecalciferol", "25,000 units", "capsule", "1", "capsule", (OM,), "vitamin D",
          pattern=("monthly", -22), guard_days=20, time_class="long"),
    Order("R11", "chloramphenicol", "0.5 %", "eye drops", "1", "drop", QDS, "eye infection", route="eye",
          site="right eye", instructions=("In the fridge", "5 days after the first two"),
          pattern=("stepped", (2, "1", ("07:00", "09:00", "11:00", "13:00", "15:00", "17:00", "19:00", "21:00")),
                   (5, "1", QDS)), from_day=-12, until_day=-5),
    # R12 Thomas Rigby
    Order("R12", "lithium carbonate (Priadel)", "400 mg", "modified-release tablet", "2", "tablet", (ON,),
          "bipolar disorder", dose_mg="800 mg", instructions=("Priadel brand only", "Swallow whole, do not crush"),
          from_day=-9, until_day=-1, source=HAND_COPIED),
    Order("R12", "olanzapine", "10 mg", "tablet", "1", "tablet", (ON,), "bipolar disorder",
          from_day=-9, until_day=-1, source=HAND_COPIED),
)

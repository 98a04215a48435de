"""The medication round in full: orders of every kind, outcomes and what follows them.

`order_version` and `entry` get columns and wider checks. SQLite cannot change a check, so there both are made again and
their rows carried over as they are: what was hashed stays what it was. That needs foreign keys off, which a transaction
cannot switch; so this migration opens its own, and does nothing where it is done already.
"""

from peewee import SqliteDatabase

atomic = False

SQLITE = [
    # absence_item: RECORD
    '''CREATE TABLE "absence_item" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "whereabouts_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "direction" TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    "amount" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("whereabouts_id") REFERENCES "whereabouts" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id")
)''',
    '''CREATE INDEX "absence_item_whereabouts_id" ON "absence_item" ("whereabouts_id")''',
    '''CREATE INDEX "absence_item_order_line_id" ON "absence_item" ("order_line_id")''',
    '''CREATE TRIGGER absence_item_no_update BEFORE UPDATE ON "absence_item"
BEGIN SELECT RAISE(ABORT, 'absence_item is append-only'); END''',
    '''CREATE TRIGGER absence_item_no_delete BEFORE DELETE ON "absence_item"
BEGIN SELECT RAISE(ABORT, 'absence_item is append-only'); END''',
    '''CREATE TRIGGER absence_item_no_replace BEFORE INSERT ON "absence_item"
WHEN EXISTS (SELECT 1 FROM "absence_item" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'absence_item is append-only'); END''',
    # correction_request: RECORD
    '''CREATE TABLE "correction_request" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "request_id" TEXT NOT NULL,
    "wanted" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "wrong_person_given" TEXT,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id")
)''',
    '''CREATE INDEX "correction_request_home_id" ON "correction_request" ("home_id")''',
    '''CREATE INDEX "correction_request_entry_id" ON "correction_request" ("entry_id")''',
    '''CREATE UNIQUE INDEX "correction_request_request_id" ON "correction_request" ("request_id")''',
    '''CREATE TRIGGER correction_request_no_update BEFORE UPDATE ON "correction_request"
BEGIN SELECT RAISE(ABORT, 'correction_request is append-only'); END''',
    '''CREATE TRIGGER correction_request_no_delete BEFORE DELETE ON "correction_request"
BEGIN SELECT RAISE(ABORT, 'correction_request is append-only'); END''',
    '''CREATE TRIGGER correction_request_no_replace BEFORE INSERT ON "correction_request"
WHEN EXISTS (SELECT 1 FROM "correction_request" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "correction_request" WHERE "request_id" = NEW."request_id")
BEGIN SELECT RAISE(ABORT, 'correction_request is append-only'); END''',
    # correction_answer: RECORD
    '''CREATE TABLE "correction_answer" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "request_id" INTEGER NOT NULL,
    "approved" INTEGER NOT NULL,
    "replaced_by_id" INTEGER,
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("request_id") REFERENCES "correction_request" ("id"),
    FOREIGN KEY ("replaced_by_id") REFERENCES "entry" ("id"),
    CHECK (approved = (replaced_by_id IS NOT NULL))
)''',
    '''CREATE UNIQUE INDEX "correction_answer_request_id" ON "correction_answer" ("request_id")''',
    '''CREATE INDEX "correction_answer_replaced_by_id" ON "correction_answer" ("replaced_by_id")''',
    '''CREATE TRIGGER correction_answer_no_update BEFORE UPDATE ON "correction_answer"
BEGIN SELECT RAISE(ABORT, 'correction_answer is append-only'); END''',
    '''CREATE TRIGGER correction_answer_no_delete BEFORE DELETE ON "correction_answer"
BEGIN SELECT RAISE(ABORT, 'correction_answer is append-only'); END''',
    '''CREATE TRIGGER correction_answer_no_replace BEFORE INSERT ON "correction_answer"
WHEN EXISTS (SELECT 1 FROM "correction_answer" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "correction_answer" WHERE "request_id" = NEW."request_id")
BEGIN SELECT RAISE(ABORT, 'correction_answer is append-only'); END''',
    # dose_advice: RECORD
    '''CREATE TABLE "dose_advice" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "line_id" INTEGER NOT NULL,
    "first_day" TEXT NOT NULL,
    "last_day" TEXT,
    "amount" TEXT NOT NULL,
    "inr" TEXT,
    "inr_on" TEXT,
    "next_inr_on" TEXT,
    "source" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("line_id") REFERENCES "order_line" ("id"),
    CHECK (last_day IS NULL OR last_day >= first_day)
)''',
    '''CREATE INDEX "dose_advice_line_id_first_day" ON "dose_advice" ("line_id", "first_day")''',
    '''CREATE TRIGGER dose_advice_no_update BEFORE UPDATE ON "dose_advice"
BEGIN SELECT RAISE(ABORT, 'dose_advice is append-only'); END''',
    '''CREATE TRIGGER dose_advice_no_delete BEFORE DELETE ON "dose_advice"
BEGIN SELECT RAISE(ABORT, 'dose_advice is append-only'); END''',
    '''CREATE TRIGGER dose_advice_no_replace BEFORE INSERT ON "dose_advice"
WHEN EXISTS (SELECT 1 FROM "dose_advice" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'dose_advice is append-only'); END''',
    # dose_advice_check: RECORD
    '''CREATE TABLE "dose_advice_check" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "advice_id" INTEGER NOT NULL,
    "agrees" INTEGER NOT NULL,
    "differences" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("advice_id") REFERENCES "dose_advice" ("id")
)''',
    '''CREATE INDEX "dose_advice_check_advice_id" ON "dose_advice_check" ("advice_id")''',
    '''CREATE TRIGGER dose_advice_check_no_update BEFORE UPDATE ON "dose_advice_check"
BEGIN SELECT RAISE(ABORT, 'dose_advice_check is append-only'); END''',
    '''CREATE TRIGGER dose_advice_check_no_delete BEFORE DELETE ON "dose_advice_check"
BEGIN SELECT RAISE(ABORT, 'dose_advice_check is append-only'); END''',
    '''CREATE TRIGGER dose_advice_check_no_replace BEFORE INSERT ON "dose_advice_check"
WHEN EXISTS (SELECT 1 FROM "dose_advice_check" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'dose_advice_check is append-only'); END''',
    # entry_confirmation: RECORD
    '''CREATE TABLE "entry_confirmation" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id")
)''',
    '''CREATE UNIQUE INDEX "entry_confirmation_entry_id" ON "entry_confirmation" ("entry_id")''',
    '''CREATE TRIGGER entry_confirmation_no_update BEFORE UPDATE ON "entry_confirmation"
BEGIN SELECT RAISE(ABORT, 'entry_confirmation is append-only'); END''',
    '''CREATE TRIGGER entry_confirmation_no_delete BEFORE DELETE ON "entry_confirmation"
BEGIN SELECT RAISE(ABORT, 'entry_confirmation is append-only'); END''',
    '''CREATE TRIGGER entry_confirmation_no_replace BEFORE INSERT ON "entry_confirmation"
WHEN EXISTS (SELECT 1 FROM "entry_confirmation" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "entry_confirmation" WHERE "entry_id" = NEW."entry_id")
BEGIN SELECT RAISE(ABORT, 'entry_confirmation is append-only'); END''',
    # gap_review: RECORD
    '''CREATE TABLE "gap_review" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "found_in" TEXT NOT NULL CHECK (found_in IN ('round', 'hand_over', 'daily_check', 'audit', 'inspection')),
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id")
)''',
    '''CREATE INDEX "gap_review_home_id" ON "gap_review" ("home_id")''',
    '''CREATE UNIQUE INDEX "gap_review_order_line_id_due_at" ON "gap_review" ("order_line_id", "due_at")''',
    '''CREATE INDEX "gap_review_home_id_due_at" ON "gap_review" ("home_id", "due_at")''',
    '''CREATE TRIGGER gap_review_no_update BEFORE UPDATE ON "gap_review"
BEGIN SELECT RAISE(ABORT, 'gap_review is append-only'); END''',
    '''CREATE TRIGGER gap_review_no_delete BEFORE DELETE ON "gap_review"
BEGIN SELECT RAISE(ABORT, 'gap_review is append-only'); END''',
    '''CREATE TRIGGER gap_review_no_replace BEFORE INSERT ON "gap_review"
WHEN EXISTS (SELECT 1 FROM "gap_review" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "gap_review" WHERE "order_line_id" = NEW."order_line_id" AND "due_at" = NEW."due_at")
BEGIN SELECT RAISE(ABORT, 'gap_review is append-only'); END''',
    # gap_step: RECORD
    '''CREATE TABLE "gap_step" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "review_id" INTEGER NOT NULL,
    "staff_asked" TEXT NOT NULL,
    "resident_effect" TEXT NOT NULL,
    "advice_from" TEXT NOT NULL,
    "advice" TEXT NOT NULL,
    "advice_at" INTEGER,
    "evidence" TEXT NOT NULL,
    "conclusion" TEXT CHECK (conclusion IN ('given_unsigned', 'omitted', 'undetermined', 'not_applicable')),
    "confidence" TEXT,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("review_id") REFERENCES "gap_review" ("id")
)''',
    '''CREATE INDEX "gap_step_review_id" ON "gap_step" ("review_id")''',
    '''CREATE TRIGGER gap_step_no_update BEFORE UPDATE ON "gap_step"
BEGIN SELECT RAISE(ABORT, 'gap_step is append-only'); END''',
    '''CREATE TRIGGER gap_step_no_delete BEFORE DELETE ON "gap_step"
BEGIN SELECT RAISE(ABORT, 'gap_step is append-only'); END''',
    '''CREATE TRIGGER gap_step_no_replace BEFORE INSERT ON "gap_step"
WHEN EXISTS (SELECT 1 FROM "gap_step" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'gap_step is append-only'); END''',
    # outcome_letters: VERSIONED
    '''CREATE TABLE "outcome_letters" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "letters" TEXT NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "outcome_letters_home_id" ON "outcome_letters" ("home_id")''',
    '''CREATE TRIGGER outcome_letters_no_update BEFORE UPDATE ON "outcome_letters"
BEGIN SELECT RAISE(ABORT, 'outcome_letters is append-only'); END''',
    '''CREATE TRIGGER outcome_letters_no_delete BEFORE DELETE ON "outcome_letters"
BEGIN SELECT RAISE(ABORT, 'outcome_letters is append-only'); END''',
    '''CREATE TRIGGER outcome_letters_no_replace BEFORE INSERT ON "outcome_letters"
WHEN EXISTS (SELECT 1 FROM "outcome_letters" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'outcome_letters is append-only'); END''',
    # prn_effect: RECORD
    '''CREATE TABLE "prn_effect" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "effect" TEXT NOT NULL CHECK (effect IN ('effective', 'partial', 'ineffective')),
    "words" TEXT NOT NULL,
    "told" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id")
)''',
    '''CREATE INDEX "prn_effect_entry_id" ON "prn_effect" ("entry_id")''',
    '''CREATE TRIGGER prn_effect_no_update BEFORE UPDATE ON "prn_effect"
BEGIN SELECT RAISE(ABORT, 'prn_effect is append-only'); END''',
    '''CREATE TRIGGER prn_effect_no_delete BEFORE DELETE ON "prn_effect"
BEGIN SELECT RAISE(ABORT, 'prn_effect is append-only'); END''',
    '''CREATE TRIGGER prn_effect_no_replace BEFORE INSERT ON "prn_effect"
WHEN EXISTS (SELECT 1 FROM "prn_effect" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'prn_effect is append-only'); END''',
    # reconciliation: RECORD
    '''CREATE TABLE "reconciliation" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "whereabouts_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK (state IN ('in_progress', 'discrepancies', 'complete')),
    "first_source" TEXT NOT NULL,
    "second_source" TEXT NOT NULL,
    "discrepancies" TEXT NOT NULL,
    "resolved" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("whereabouts_id") REFERENCES "whereabouts" ("id")
)''',
    '''CREATE INDEX "reconciliation_whereabouts_id" ON "reconciliation" ("whereabouts_id")''',
    '''CREATE TRIGGER reconciliation_no_update BEFORE UPDATE ON "reconciliation"
BEGIN SELECT RAISE(ABORT, 'reconciliation is append-only'); END''',
    '''CREATE TRIGGER reconciliation_no_delete BEFORE DELETE ON "reconciliation"
BEGIN SELECT RAISE(ABORT, 'reconciliation is append-only'); END''',
    '''CREATE TRIGGER reconciliation_no_replace BEFORE INSERT ON "reconciliation"
WHEN EXISTS (SELECT 1 FROM "reconciliation" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'reconciliation is append-only'); END''',
    # refusal_step: RECORD
    '''CREATE TABLE "refusal_step" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "first_entry_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK (state IN ('open', 'prescriber_contacted', 'plan_changed', 'accepted_decision', 'capacity_review', 'closed')),
    "contacted" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id"),
    FOREIGN KEY ("first_entry_id") REFERENCES "entry" ("id")
)''',
    '''CREATE INDEX "refusal_step_home_id" ON "refusal_step" ("home_id")''',
    '''CREATE INDEX "refusal_step_order_line_id" ON "refusal_step" ("order_line_id")''',
    '''CREATE INDEX "refusal_step_first_entry_id" ON "refusal_step" ("first_entry_id")''',
    '''CREATE TRIGGER refusal_step_no_update BEFORE UPDATE ON "refusal_step"
BEGIN SELECT RAISE(ABORT, 'refusal_step is append-only'); END''',
    '''CREATE TRIGGER refusal_step_no_delete BEFORE DELETE ON "refusal_step"
BEGIN SELECT RAISE(ABORT, 'refusal_step is append-only'); END''',
    '''CREATE TRIGGER refusal_step_no_replace BEFORE INSERT ON "refusal_step"
WHEN EXISTS (SELECT 1 FROM "refusal_step" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'refusal_step is append-only'); END''',
    # shift_handover: RECORD
    '''CREATE TABLE "shift_handover" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "shift_name" TEXT NOT NULL,
    "shift_start" INTEGER NOT NULL,
    "summary" TEXT NOT NULL,
    "told" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "shift_handover_home_id" ON "shift_handover" ("home_id")''',
    '''CREATE INDEX "shift_handover_home_id_shift_start" ON "shift_handover" ("home_id", "shift_start")''',
    '''CREATE TRIGGER shift_handover_no_update BEFORE UPDATE ON "shift_handover"
BEGIN SELECT RAISE(ABORT, 'shift_handover is append-only'); END''',
    '''CREATE TRIGGER shift_handover_no_delete BEFORE DELETE ON "shift_handover"
BEGIN SELECT RAISE(ABORT, 'shift_handover is append-only'); END''',
    '''CREATE TRIGGER shift_handover_no_replace BEFORE INSERT ON "shift_handover"
WHEN EXISTS (SELECT 1 FROM "shift_handover" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'shift_handover is append-only'); END''',
    # shift_setting: VERSIONED
    '''CREATE TABLE "shift_setting" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "starts" TEXT NOT NULL,
    "retired" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "shift_setting_home_id" ON "shift_setting" ("home_id")''',
    '''CREATE TRIGGER shift_setting_no_update BEFORE UPDATE ON "shift_setting"
BEGIN SELECT RAISE(ABORT, 'shift_setting is append-only'); END''',
    '''CREATE TRIGGER shift_setting_no_delete BEFORE DELETE ON "shift_setting"
BEGIN SELECT RAISE(ABORT, 'shift_setting is append-only'); END''',
    '''CREATE TRIGGER shift_setting_no_replace BEFORE INSERT ON "shift_setting"
WHEN EXISTS (SELECT 1 FROM "shift_setting" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'shift_setting is append-only'); END''',
    # witness_request: RECORD
    '''CREATE TABLE "witness_request" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "entry_id" TEXT NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "due_at" INTEGER,
    "amount" TEXT,
    "asked_person" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id"),
    CHECK (asked_person <> "by")
)''',
    '''CREATE INDEX "witness_request_home_id" ON "witness_request" ("home_id")''',
    '''CREATE UNIQUE INDEX "witness_request_entry_id" ON "witness_request" ("entry_id")''',
    '''CREATE INDEX "witness_request_order_line_id" ON "witness_request" ("order_line_id")''',
    '''CREATE INDEX "witness_request_home_id_at" ON "witness_request" ("home_id", "at")''',
    '''CREATE TRIGGER witness_request_no_update BEFORE UPDATE ON "witness_request"
BEGIN SELECT RAISE(ABORT, 'witness_request is append-only'); END''',
    '''CREATE TRIGGER witness_request_no_delete BEFORE DELETE ON "witness_request"
BEGIN SELECT RAISE(ABORT, 'witness_request is append-only'); END''',
    '''CREATE TRIGGER witness_request_no_replace BEFORE INSERT ON "witness_request"
WHEN EXISTS (SELECT 1 FROM "witness_request" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "witness_request" WHERE "entry_id" = NEW."entry_id")
BEGIN SELECT RAISE(ABORT, 'witness_request is append-only'); END''',
    # witness_act: RECORD
    '''CREATE TABLE "witness_act" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "request_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("request_id") REFERENCES "witness_request" ("id")
)''',
    '''CREATE UNIQUE INDEX "witness_act_request_id" ON "witness_act" ("request_id")''',
    '''CREATE TRIGGER witness_act_no_update BEFORE UPDATE ON "witness_act"
BEGIN SELECT RAISE(ABORT, 'witness_act is append-only'); END''',
    '''CREATE TRIGGER witness_act_no_delete BEFORE DELETE ON "witness_act"
BEGIN SELECT RAISE(ABORT, 'witness_act is append-only'); END''',
    '''CREATE TRIGGER witness_act_no_replace BEFORE INSERT ON "witness_act"
WHEN EXISTS (SELECT 1 FROM "witness_act" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "witness_act" WHERE "request_id" = NEW."request_id")
BEGIN SELECT RAISE(ABORT, 'witness_act is append-only'); END''',
]

POSTGRES = [
    # absence_item: RECORD
    '''CREATE TABLE "absence_item" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "whereabouts_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "direction" TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    "amount" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("whereabouts_id") REFERENCES "whereabouts" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id")
)''',
    '''CREATE INDEX "absence_item_whereabouts_id" ON "absence_item" ("whereabouts_id")''',
    '''CREATE INDEX "absence_item_order_line_id" ON "absence_item" ("order_line_id")''',
    '''CREATE TRIGGER absence_item_no_change BEFORE UPDATE OR DELETE ON "absence_item"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER absence_item_no_truncate BEFORE TRUNCATE ON "absence_item"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # correction_request: RECORD
    '''CREATE TABLE "correction_request" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "request_id" TEXT NOT NULL,
    "wanted" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "wrong_person_given" TEXT,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id")
)''',
    '''CREATE INDEX "correction_request_home_id" ON "correction_request" ("home_id")''',
    '''CREATE INDEX "correction_request_entry_id" ON "correction_request" ("entry_id")''',
    '''CREATE UNIQUE INDEX "correction_request_request_id" ON "correction_request" ("request_id")''',
    '''CREATE TRIGGER correction_request_no_change BEFORE UPDATE OR DELETE ON "correction_request"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER correction_request_no_truncate BEFORE TRUNCATE ON "correction_request"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # correction_answer: RECORD
    '''CREATE TABLE "correction_answer" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "request_id" INTEGER NOT NULL,
    "approved" BOOLEAN NOT NULL,
    "replaced_by_id" INTEGER,
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("request_id") REFERENCES "correction_request" ("id"),
    FOREIGN KEY ("replaced_by_id") REFERENCES "entry" ("id"),
    CHECK (approved = (replaced_by_id IS NOT NULL))
)''',
    '''CREATE UNIQUE INDEX "correction_answer_request_id" ON "correction_answer" ("request_id")''',
    '''CREATE INDEX "correction_answer_replaced_by_id" ON "correction_answer" ("replaced_by_id")''',
    '''CREATE TRIGGER correction_answer_no_change BEFORE UPDATE OR DELETE ON "correction_answer"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER correction_answer_no_truncate BEFORE TRUNCATE ON "correction_answer"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # dose_advice: RECORD
    '''CREATE TABLE "dose_advice" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "line_id" INTEGER NOT NULL,
    "first_day" TEXT NOT NULL,
    "last_day" TEXT,
    "amount" TEXT NOT NULL,
    "inr" TEXT,
    "inr_on" TEXT,
    "next_inr_on" TEXT,
    "source" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("line_id") REFERENCES "order_line" ("id"),
    CHECK (last_day IS NULL OR last_day >= first_day)
)''',
    '''CREATE INDEX "dose_advice_line_id_first_day" ON "dose_advice" ("line_id", "first_day")''',
    '''CREATE TRIGGER dose_advice_no_change BEFORE UPDATE OR DELETE ON "dose_advice"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER dose_advice_no_truncate BEFORE TRUNCATE ON "dose_advice"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # dose_advice_check: RECORD
    '''CREATE TABLE "dose_advice_check" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "advice_id" INTEGER NOT NULL,
    "agrees" BOOLEAN NOT NULL,
    "differences" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("advice_id") REFERENCES "dose_advice" ("id")
)''',
    '''CREATE INDEX "dose_advice_check_advice_id" ON "dose_advice_check" ("advice_id")''',
    '''CREATE TRIGGER dose_advice_check_no_change BEFORE UPDATE OR DELETE ON "dose_advice_check"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER dose_advice_check_no_truncate BEFORE TRUNCATE ON "dose_advice_check"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # entry_confirmation: RECORD
    '''CREATE TABLE "entry_confirmation" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id")
)''',
    '''CREATE UNIQUE INDEX "entry_confirmation_entry_id" ON "entry_confirmation" ("entry_id")''',
    '''CREATE TRIGGER entry_confirmation_no_change BEFORE UPDATE OR DELETE ON "entry_confirmation"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER entry_confirmation_no_truncate BEFORE TRUNCATE ON "entry_confirmation"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # gap_review: RECORD
    '''CREATE TABLE "gap_review" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "due_at" BIGINT NOT NULL,
    "found_in" TEXT NOT NULL CHECK (found_in IN ('round', 'hand_over', 'daily_check', 'audit', 'inspection')),
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id")
)''',
    '''CREATE INDEX "gap_review_home_id" ON "gap_review" ("home_id")''',
    '''CREATE UNIQUE INDEX "gap_review_order_line_id_due_at" ON "gap_review" ("order_line_id", "due_at")''',
    '''CREATE INDEX "gap_review_home_id_due_at" ON "gap_review" ("home_id", "due_at")''',
    '''CREATE TRIGGER gap_review_no_change BEFORE UPDATE OR DELETE ON "gap_review"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER gap_review_no_truncate BEFORE TRUNCATE ON "gap_review"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # gap_step: RECORD
    '''CREATE TABLE "gap_step" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "review_id" INTEGER NOT NULL,
    "staff_asked" TEXT NOT NULL,
    "resident_effect" TEXT NOT NULL,
    "advice_from" TEXT NOT NULL,
    "advice" TEXT NOT NULL,
    "advice_at" BIGINT,
    "evidence" TEXT NOT NULL,
    "conclusion" TEXT CHECK (conclusion IN ('given_unsigned', 'omitted', 'undetermined', 'not_applicable')),
    "confidence" TEXT,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("review_id") REFERENCES "gap_review" ("id")
)''',
    '''CREATE INDEX "gap_step_review_id" ON "gap_step" ("review_id")''',
    '''CREATE TRIGGER gap_step_no_change BEFORE UPDATE OR DELETE ON "gap_step"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER gap_step_no_truncate BEFORE TRUNCATE ON "gap_step"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # outcome_letters: VERSIONED
    '''CREATE TABLE "outcome_letters" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "letters" TEXT NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "outcome_letters_home_id" ON "outcome_letters" ("home_id")''',
    '''CREATE TRIGGER outcome_letters_no_change BEFORE UPDATE OR DELETE ON "outcome_letters"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER outcome_letters_no_truncate BEFORE TRUNCATE ON "outcome_letters"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # prn_effect: RECORD
    '''CREATE TABLE "prn_effect" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "effect" TEXT NOT NULL CHECK (effect IN ('effective', 'partial', 'ineffective')),
    "words" TEXT NOT NULL,
    "told" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id")
)''',
    '''CREATE INDEX "prn_effect_entry_id" ON "prn_effect" ("entry_id")''',
    '''CREATE TRIGGER prn_effect_no_change BEFORE UPDATE OR DELETE ON "prn_effect"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER prn_effect_no_truncate BEFORE TRUNCATE ON "prn_effect"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # reconciliation: RECORD
    '''CREATE TABLE "reconciliation" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "whereabouts_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK (state IN ('in_progress', 'discrepancies', 'complete')),
    "first_source" TEXT NOT NULL,
    "second_source" TEXT NOT NULL,
    "discrepancies" TEXT NOT NULL,
    "resolved" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("whereabouts_id") REFERENCES "whereabouts" ("id")
)''',
    '''CREATE INDEX "reconciliation_whereabouts_id" ON "reconciliation" ("whereabouts_id")''',
    '''CREATE TRIGGER reconciliation_no_change BEFORE UPDATE OR DELETE ON "reconciliation"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER reconciliation_no_truncate BEFORE TRUNCATE ON "reconciliation"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # refusal_step: RECORD
    '''CREATE TABLE "refusal_step" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "first_entry_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK (state IN ('open', 'prescriber_contacted', 'plan_changed', 'accepted_decision', 'capacity_review', 'closed')),
    "contacted" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id"),
    FOREIGN KEY ("first_entry_id") REFERENCES "entry" ("id")
)''',
    '''CREATE INDEX "refusal_step_home_id" ON "refusal_step" ("home_id")''',
    '''CREATE INDEX "refusal_step_order_line_id" ON "refusal_step" ("order_line_id")''',
    '''CREATE INDEX "refusal_step_first_entry_id" ON "refusal_step" ("first_entry_id")''',
    '''CREATE TRIGGER refusal_step_no_change BEFORE UPDATE OR DELETE ON "refusal_step"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER refusal_step_no_truncate BEFORE TRUNCATE ON "refusal_step"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # shift_handover: RECORD
    '''CREATE TABLE "shift_handover" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "shift_name" TEXT NOT NULL,
    "shift_start" BIGINT NOT NULL,
    "summary" TEXT NOT NULL,
    "told" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "shift_handover_home_id" ON "shift_handover" ("home_id")''',
    '''CREATE INDEX "shift_handover_home_id_shift_start" ON "shift_handover" ("home_id", "shift_start")''',
    '''CREATE TRIGGER shift_handover_no_change BEFORE UPDATE OR DELETE ON "shift_handover"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER shift_handover_no_truncate BEFORE TRUNCATE ON "shift_handover"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # shift_setting: VERSIONED
    '''CREATE TABLE "shift_setting" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "starts" TEXT NOT NULL,
    "retired" BOOLEAN NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "shift_setting_home_id" ON "shift_setting" ("home_id")''',
    '''CREATE TRIGGER shift_setting_no_change BEFORE UPDATE OR DELETE ON "shift_setting"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER shift_setting_no_truncate BEFORE TRUNCATE ON "shift_setting"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # witness_request: RECORD
    '''CREATE TABLE "witness_request" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "entry_id" TEXT NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "due_at" BIGINT,
    "amount" TEXT,
    "asked_person" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id"),
    CHECK (asked_person <> "by")
)''',
    '''CREATE INDEX "witness_request_home_id" ON "witness_request" ("home_id")''',
    '''CREATE UNIQUE INDEX "witness_request_entry_id" ON "witness_request" ("entry_id")''',
    '''CREATE INDEX "witness_request_order_line_id" ON "witness_request" ("order_line_id")''',
    '''CREATE INDEX "witness_request_home_id_at" ON "witness_request" ("home_id", "at")''',
    '''CREATE TRIGGER witness_request_no_change BEFORE UPDATE OR DELETE ON "witness_request"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER witness_request_no_truncate BEFORE TRUNCATE ON "witness_request"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # witness_act: RECORD
    '''CREATE TABLE "witness_act" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "request_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("request_id") REFERENCES "witness_request" ("id")
)''',
    '''CREATE UNIQUE INDEX "witness_act_request_id" ON "witness_act" ("request_id")''',
    '''CREATE TRIGGER witness_act_no_change BEFORE UPDATE OR DELETE ON "witness_act"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER witness_act_no_truncate BEFORE TRUNCATE ON "witness_act"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
]
SQLITE_AGAIN = [
    # order_version: VERSIONED
    '''CREATE TABLE "order_version_9" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "line_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "stopped" INTEGER NOT NULL,
    "medicine" TEXT NOT NULL,
    "strength" TEXT NOT NULL,
    "form" TEXT NOT NULL,
    "dose_amount" TEXT,
    "dose_unit" TEXT NOT NULL,
    "dose_text" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "site" TEXT NOT NULL,
    "times" TEXT NOT NULL,
    "starts_on" TEXT NOT NULL,
    "ends_on" TEXT,
    "instructions" TEXT NOT NULL,
    "indication" TEXT NOT NULL,
    "window_before" INTEGER NOT NULL,
    "window_after" INTEGER NOT NULL,
    "time_critical" INTEGER NOT NULL,
    "high_risk" INTEGER NOT NULL,
    "controlled" INTEGER NOT NULL,
    "required_skills" TEXT NOT NULL,
    "prescriber" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "allergy_answer" TEXT NOT NULL,
    "hand_keyed" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "kind" TEXT,
    "schedule" TEXT,
    "total_doses" INTEGER,
    "dose_most" TEXT,
    "dose_choice" TEXT,
    "min_interval" INTEGER,
    "most_24h" TEXT,
    "ingredients" TEXT,
    "guard_days" INTEGER,
    "food" TEXT,
    "asleep" TEXT,
    "time_class" TEXT,
    "psychotropic" INTEGER,
    "witness" INTEGER,
    "protocol" TEXT,
    "suspended" INTEGER,
    "in_error" INTEGER,
    "ending" TEXT,
    "earlier" TEXT,
    "advice" TEXT,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("line_id") REFERENCES "order_line" ("id"),
    CHECK (window_before >= 0),
    CHECK (window_after >= 0),
    CHECK (kind IS NULL OR kind IN ('prn', 'once')),
    CHECK (earlier IS NULL OR earlier IN ('give', 'hold')),
    CHECK (total_doses IS NULL OR total_doses > 0),
    CHECK (min_interval IS NULL OR min_interval > 0),
    CHECK (guard_days IS NULL OR guard_days > 0)
)''',
    '''INSERT INTO "order_version_9" ("id", "salt", "line_id", "number", "valid_from", "stopped", "medicine", "strength", "form", "dose_amount", "dose_unit", "dose_text", "route", "site", "times", "starts_on", "ends_on", "instructions", "indication", "window_before", "window_after", "time_critical", "high_risk", "controlled", "required_skills", "prescriber", "source", "allergy_answer", "hand_keyed", "reason", "at", "by")
SELECT "id", "salt", "line_id", "number", "valid_from", "stopped", "medicine", "strength", "form", "dose_amount", "dose_unit", "dose_text", "route", "site", "times", "starts_on", "ends_on", "instructions", "indication", "window_before", "window_after", "time_critical", "high_risk", "controlled", "required_skills", "prescriber", "source", "allergy_answer", "hand_keyed", "reason", "at", "by" FROM "order_version"''',
    '''DROP TABLE "order_version"''',
    '''ALTER TABLE "order_version_9" RENAME TO "order_version"''',
    '''CREATE INDEX "order_version_line_id" ON "order_version" ("line_id")''',
    '''CREATE UNIQUE INDEX "order_version_line_id_number" ON "order_version" ("line_id", "number")''',
    '''CREATE INDEX "order_version_line_id_valid_from" ON "order_version" ("line_id", "valid_from")''',
    '''CREATE TRIGGER order_version_no_update BEFORE UPDATE ON "order_version"
BEGIN SELECT RAISE(ABORT, 'order_version is append-only'); END''',
    '''CREATE TRIGGER order_version_no_delete BEFORE DELETE ON "order_version"
BEGIN SELECT RAISE(ABORT, 'order_version is append-only'); END''',
    '''CREATE TRIGGER order_version_no_replace BEFORE INSERT ON "order_version"
WHEN EXISTS (SELECT 1 FROM "order_version" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "order_version" WHERE "line_id" = NEW."line_id" AND "number" = NEW."number")
BEGIN SELECT RAISE(ABORT, 'order_version is append-only'); END''',
    # entry: RECORD
    '''CREATE TABLE "entry_9" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "entry_id" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "order_version_id" INTEGER NOT NULL,
    "due_at" INTEGER,
    "outcome" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "given_at" INTEGER,
    "prepared_at" INTEGER,
    "saved_at" INTEGER,
    "at" INTEGER NOT NULL,
    "scan_id" INTEGER,
    "by" INTEGER NOT NULL,
    "administered_by" INTEGER,
    "claim" INTEGER,
    "after_the_fact" INTEGER NOT NULL,
    "corrects_id" INTEGER,
    "flags" TEXT NOT NULL,
    "session" INTEGER,
    "amount" TEXT,
    "given_by" TEXT,
    "extra" TEXT,
    "phone_at" INTEGER,
    "witnessed_by" INTEGER,
    "witnessed_at" INTEGER,
    "witness_needed" INTEGER,
    "correction_reason" TEXT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id"),
    FOREIGN KEY ("order_version_id") REFERENCES "order_version" ("id"),
    FOREIGN KEY ("scan_id") REFERENCES "scan" ("id"),
    FOREIGN KEY ("corrects_id") REFERENCES "entry" ("id"),
    CHECK (outcome IN ('given', 'given_part', 'self_taken', 'made_available', 'given_by_other', 'refused', 'refused_destroyed', 'vomited', 'asleep', 'away', 'unable', 'withheld_limit', 'withheld_advice', 'not_available', 'not_required', 'omitted', 'dropped', 'visit_missed', 'other', 'struck')),
    CHECK ((claim IS NOT NULL) = (outcome IN ('given', 'given_part', 'self_taken', 'made_available') AND due_at IS NOT NULL AND NOT after_the_fact)),
    CHECK ((outcome IN ('given', 'given_part', 'self_taken', 'made_available', 'given_by_other')) = (given_at IS NOT NULL)),
    CHECK (NOT after_the_fact OR outcome IN ('given', 'given_part', 'self_taken', 'made_available', 'given_by_other')),
    CHECK ((outcome = 'given_by_other') = (given_by IS NOT NULL)),
    CHECK (witnessed_by IS NULL OR (witnessed_by <> "by" AND witnessed_by <> administered_by)),
    CHECK ((witnessed_by IS NULL) = (witnessed_at IS NULL)),
    CHECK (witness_needed IS NULL OR NOT witness_needed OR witnessed_by IS NOT NULL OR after_the_fact),
    CHECK ((corrects_id IS NULL) = (correction_reason IS NULL)),
    CHECK (outcome <> 'struck' OR corrects_id IS NOT NULL)
)''',
    '''INSERT INTO "entry_9" ("id", "salt", "entry_id", "home_id", "resident_id", "order_line_id", "order_version_id", "due_at", "outcome", "reason", "note", "given_at", "prepared_at", "saved_at", "at", "scan_id", "by", "administered_by", "claim", "after_the_fact", "corrects_id", "flags", "session")
SELECT "id", "salt", "entry_id", "home_id", "resident_id", "order_line_id", "order_version_id", "due_at", "outcome", "reason", "note", "given_at", "prepared_at", "saved_at", "at", "scan_id", "by", "administered_by", "claim", "after_the_fact", "corrects_id", "flags", "session" FROM "entry"''',
    '''DROP TABLE "entry"''',
    '''ALTER TABLE "entry_9" RENAME TO "entry"''',
    '''CREATE UNIQUE INDEX "entry_entry_id" ON "entry" ("entry_id")''',
    '''CREATE INDEX "entry_corrects_id" ON "entry" ("corrects_id")''',
    '''CREATE UNIQUE INDEX "entry_order_line_id_due_at_claim" ON "entry" ("order_line_id", "due_at", "claim")''',
    '''CREATE INDEX "entry_home_id_due_at" ON "entry" ("home_id", "due_at")''',
    '''CREATE INDEX "entry_resident_id_due_at" ON "entry" ("resident_id", "due_at")''',
    '''CREATE INDEX "entry_order_line_id_outcome_given_at" ON "entry" ("order_line_id", "outcome", "given_at")''',
    '''CREATE INDEX "entry_resident_id_given_at" ON "entry" ("resident_id", "given_at")''',
    '''CREATE TRIGGER entry_no_update BEFORE UPDATE ON "entry"
BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END''',
    '''CREATE TRIGGER entry_no_delete BEFORE DELETE ON "entry"
BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END''',
    '''CREATE TRIGGER entry_no_replace BEFORE INSERT ON "entry"
WHEN EXISTS (SELECT 1 FROM "entry" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "entry" WHERE "entry_id" = NEW."entry_id")
    OR EXISTS (SELECT 1 FROM "entry" WHERE "order_line_id" = NEW."order_line_id" AND "due_at" = NEW."due_at" AND "claim" = NEW."claim")
BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END''',
]
POSTGRES_AGAIN = [
    # order_version: VERSIONED
    '''ALTER TABLE "order_version" ADD COLUMN "kind" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "schedule" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "total_doses" INTEGER''',
    '''ALTER TABLE "order_version" ADD COLUMN "dose_most" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "dose_choice" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "min_interval" INTEGER''',
    '''ALTER TABLE "order_version" ADD COLUMN "most_24h" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "ingredients" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "guard_days" INTEGER''',
    '''ALTER TABLE "order_version" ADD COLUMN "food" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "asleep" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "time_class" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "psychotropic" BOOLEAN''',
    '''ALTER TABLE "order_version" ADD COLUMN "witness" BOOLEAN''',
    '''ALTER TABLE "order_version" ADD COLUMN "protocol" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "suspended" BOOLEAN''',
    '''ALTER TABLE "order_version" ADD COLUMN "in_error" BOOLEAN''',
    '''ALTER TABLE "order_version" ADD COLUMN "ending" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "earlier" TEXT''',
    '''ALTER TABLE "order_version" ADD COLUMN "advice" TEXT''',
    '''ALTER TABLE "order_version" ALTER COLUMN "dose_amount" DROP NOT NULL''',
    '''ALTER TABLE "order_version" ADD CHECK (window_before >= 0)''',
    '''ALTER TABLE "order_version" ADD CHECK (window_after >= 0)''',
    '''ALTER TABLE "order_version" ADD CHECK (kind IS NULL OR kind IN ('prn', 'once'))''',
    '''ALTER TABLE "order_version" ADD CHECK (earlier IS NULL OR earlier IN ('give', 'hold'))''',
    '''ALTER TABLE "order_version" ADD CHECK (total_doses IS NULL OR total_doses > 0)''',
    '''ALTER TABLE "order_version" ADD CHECK (min_interval IS NULL OR min_interval > 0)''',
    '''ALTER TABLE "order_version" ADD CHECK (guard_days IS NULL OR guard_days > 0)''',
    # entry: RECORD
    '''ALTER TABLE "entry" ADD COLUMN "amount" TEXT''',
    '''ALTER TABLE "entry" ADD COLUMN "given_by" TEXT''',
    '''ALTER TABLE "entry" ADD COLUMN "extra" TEXT''',
    '''ALTER TABLE "entry" ADD COLUMN "phone_at" BIGINT''',
    '''ALTER TABLE "entry" ADD COLUMN "witnessed_by" BIGINT''',
    '''ALTER TABLE "entry" ADD COLUMN "witnessed_at" BIGINT''',
    '''ALTER TABLE "entry" ADD COLUMN "witness_needed" BOOLEAN''',
    '''ALTER TABLE "entry" ADD COLUMN "correction_reason" TEXT''',
    '''ALTER TABLE "entry" ADD CHECK (outcome IN ('given', 'given_part', 'self_taken', 'made_available', 'given_by_other', 'refused', 'refused_destroyed', 'vomited', 'asleep', 'away', 'unable', 'withheld_limit', 'withheld_advice', 'not_available', 'not_required', 'omitted', 'dropped', 'visit_missed', 'other', 'struck'))''',
    '''ALTER TABLE "entry" ADD CHECK ((claim IS NOT NULL) = (outcome IN ('given', 'given_part', 'self_taken', 'made_available') AND due_at IS NOT NULL AND NOT after_the_fact))''',
    '''ALTER TABLE "entry" ADD CHECK ((outcome IN ('given', 'given_part', 'self_taken', 'made_available', 'given_by_other')) = (given_at IS NOT NULL))''',
    '''ALTER TABLE "entry" ADD CHECK (NOT after_the_fact OR outcome IN ('given', 'given_part', 'self_taken', 'made_available', 'given_by_other'))''',
    '''ALTER TABLE "entry" ADD CHECK ((outcome = 'given_by_other') = (given_by IS NOT NULL))''',
    '''ALTER TABLE "entry" ADD CHECK (witnessed_by IS NULL OR (witnessed_by <> "by" AND witnessed_by <> administered_by))''',
    '''ALTER TABLE "entry" ADD CHECK ((witnessed_by IS NULL) = (witnessed_at IS NULL))''',
    '''ALTER TABLE "entry" ADD CHECK (witness_needed IS NULL OR NOT witness_needed OR witnessed_by IS NOT NULL OR after_the_fact)''',
    '''ALTER TABLE "entry" ADD CHECK ((corrects_id IS NULL) = (correction_reason IS NULL))''',
    '''ALTER TABLE "entry" ADD CHECK (outcome <> 'struck' OR corrects_id IS NOT NULL)''',
    '''CREATE INDEX "entry_resident_id_given_at" ON "entry" ("resident_id", "given_at")''',
]


def up(migrator, db):
    if any(column.name == "witnessed_by" for column in db.get_columns("entry")):
        return
    if isinstance(db, SqliteDatabase):
        _sqlite(db)
        return
    with db.atomic():
        for table in ("order_version", "entry"):
            _drop_checks(db, table)
        for sql in POSTGRES_AGAIN + POSTGRES:
            db.execute_sql(sql)


def _sqlite(db):
    db.execute_sql("PRAGMA foreign_keys=0")
    try:
        with db.atomic("IMMEDIATE"):
            for sql in SQLITE_AGAIN + SQLITE:
                db.execute_sql(sql)
            broken = db.execute_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"{len(broken)} rows would point nowhere; nothing was changed")
    finally:
        db.execute_sql("PRAGMA foreign_keys=1")


def _drop_checks(db, table):
    named = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'"
    for (name,) in db.execute_sql(named, (table,)).fetchall():
        db.execute_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')

"""Mar."""

from peewee import SqliteDatabase

SQLITE = [
    # scan: RECORD
    '''CREATE TABLE "scan" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "label_id" INTEGER,
    "how" TEXT NOT NULL CHECK (how IN ('scanner', 'camera', 'typed', 'no_scan')),
    "place" TEXT NOT NULL,
    "session" INTEGER,
    "stopped" INTEGER NOT NULL,
    "open_resident" INTEGER,
    "reason" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("label_id") REFERENCES "label" ("id"),
    CHECK ((how = 'no_scan') = (label_id IS NULL))
)''',
    '''CREATE INDEX "scan_label_id" ON "scan" ("label_id")''',
    '''CREATE INDEX "scan_by_at" ON "scan" ("by", "at")''',
    '''CREATE INDEX "scan_resident_id_at" ON "scan" ("resident_id", "at")''',
    '''CREATE TRIGGER scan_no_update BEFORE UPDATE ON "scan"
BEGIN SELECT RAISE(ABORT, 'scan is append-only'); END''',
    '''CREATE TRIGGER scan_no_delete BEFORE DELETE ON "scan"
BEGIN SELECT RAISE(ABORT, 'scan is append-only'); END''',
    '''CREATE TRIGGER scan_no_replace BEFORE INSERT ON "scan"
WHEN EXISTS (SELECT 1 FROM "scan" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'scan is append-only'); END''',
    # entry: RECORD
    '''CREATE TABLE "entry" (
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
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id"),
    FOREIGN KEY ("order_version_id") REFERENCES "order_version" ("id"),
    FOREIGN KEY ("scan_id") REFERENCES "scan" ("id"),
    FOREIGN KEY ("corrects_id") REFERENCES "entry" ("id"),
    CHECK (outcome IN ('given', 'refused', 'asleep', 'away', 'not_available', 'other')),
    CHECK ((claim IS NOT NULL) = (outcome = 'given' AND due_at IS NOT NULL AND NOT after_the_fact)),
    CHECK ((outcome = 'given') = (given_at IS NOT NULL)),
    CHECK (NOT after_the_fact OR outcome = 'given')
)''',
    '''CREATE UNIQUE INDEX "entry_entry_id" ON "entry" ("entry_id")''',
    '''CREATE INDEX "entry_corrects_id" ON "entry" ("corrects_id")''',
    '''CREATE UNIQUE INDEX "entry_order_line_id_due_at_claim" ON "entry" ("order_line_id", "due_at", "claim")''',
    '''CREATE INDEX "entry_home_id_due_at" ON "entry" ("home_id", "due_at")''',
    '''CREATE INDEX "entry_resident_id_due_at" ON "entry" ("resident_id", "due_at")''',
    '''CREATE INDEX "entry_order_line_id_outcome_given_at" ON "entry" ("order_line_id", "outcome", "given_at")''',
    '''CREATE TRIGGER entry_no_update BEFORE UPDATE ON "entry"
BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END''',
    '''CREATE TRIGGER entry_no_delete BEFORE DELETE ON "entry"
BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END''',
    '''CREATE TRIGGER entry_no_replace BEFORE INSERT ON "entry"
WHEN EXISTS (SELECT 1 FROM "entry" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "entry" WHERE "entry_id" = NEW."entry_id")
    OR EXISTS (SELECT 1 FROM "entry" WHERE "order_line_id" = NEW."order_line_id" AND "due_at" = NEW."due_at" AND "claim" = NEW."claim")
BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END''',
    # given_report: RECORD
    '''CREATE TABLE "given_report" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "home_id" INTEGER NOT NULL,
    "who_knew" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "joined_refusal" INTEGER,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE UNIQUE INDEX "given_report_entry_id" ON "given_report" ("entry_id")''',
    '''CREATE INDEX "given_report_home_id" ON "given_report" ("home_id")''',
    '''CREATE INDEX "given_report_home_id_at" ON "given_report" ("home_id", "at")''',
    '''CREATE TRIGGER given_report_no_update BEFORE UPDATE ON "given_report"
BEGIN SELECT RAISE(ABORT, 'given_report is append-only'); END''',
    '''CREATE TRIGGER given_report_no_delete BEFORE DELETE ON "given_report"
BEGIN SELECT RAISE(ABORT, 'given_report is append-only'); END''',
    '''CREATE TRIGGER given_report_no_replace BEFORE INSERT ON "given_report"
WHEN EXISTS (SELECT 1 FROM "given_report" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "given_report" WHERE "entry_id" = NEW."entry_id")
BEGIN SELECT RAISE(ABORT, 'given_report is append-only'); END''',
    # given_report_closing: RECORD
    '''CREATE TABLE "given_report_closing" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "report_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("report_id") REFERENCES "given_report" ("id")
)''',
    '''CREATE UNIQUE INDEX "given_report_closing_report_id" ON "given_report_closing" ("report_id")''',
    '''CREATE TRIGGER given_report_closing_no_update BEFORE UPDATE ON "given_report_closing"
BEGIN SELECT RAISE(ABORT, 'given_report_closing is append-only'); END''',
    '''CREATE TRIGGER given_report_closing_no_delete BEFORE DELETE ON "given_report_closing"
BEGIN SELECT RAISE(ABORT, 'given_report_closing is append-only'); END''',
    '''CREATE TRIGGER given_report_closing_no_replace BEFORE INSERT ON "given_report_closing"
WHEN EXISTS (SELECT 1 FROM "given_report_closing" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "given_report_closing" WHERE "report_id" = NEW."report_id")
BEGIN SELECT RAISE(ABORT, 'given_report_closing is append-only'); END''',
    # help_request: RECORD
    '''CREATE TABLE "help_request" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "due_at" INTEGER,
    "kind" TEXT NOT NULL CHECK (kind IN ('give', 'supervise')),
    "asked_person" INTEGER,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id")
)''',
    '''CREATE INDEX "help_request_home_id" ON "help_request" ("home_id")''',
    '''CREATE INDEX "help_request_order_line_id" ON "help_request" ("order_line_id")''',
    '''CREATE TRIGGER help_request_no_update BEFORE UPDATE ON "help_request"
BEGIN SELECT RAISE(ABORT, 'help_request is append-only'); END''',
    '''CREATE TRIGGER help_request_no_delete BEFORE DELETE ON "help_request"
BEGIN SELECT RAISE(ABORT, 'help_request is append-only'); END''',
    '''CREATE TRIGGER help_request_no_replace BEFORE INSERT ON "help_request"
WHEN EXISTS (SELECT 1 FROM "help_request" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'help_request is append-only'); END''',
    # round_part: RECORD
    '''CREATE TABLE "round_part" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "round_name" TEXT NOT NULL,
    "round_start" INTEGER NOT NULL,
    "still_open" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "round_part_home_id" ON "round_part" ("home_id")''',
    '''CREATE INDEX "round_part_home_id_round_start" ON "round_part" ("home_id", "round_start")''',
    '''CREATE TRIGGER round_part_no_update BEFORE UPDATE ON "round_part"
BEGIN SELECT RAISE(ABORT, 'round_part is append-only'); END''',
    '''CREATE TRIGGER round_part_no_delete BEFORE DELETE ON "round_part"
BEGIN SELECT RAISE(ABORT, 'round_part is append-only'); END''',
    '''CREATE TRIGGER round_part_no_replace BEFORE INSERT ON "round_part"
WHEN EXISTS (SELECT 1 FROM "round_part" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'round_part is append-only'); END''',
    # round_setting: VERSIONED
    '''CREATE TABLE "round_setting" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "starts" TEXT NOT NULL,
    "close_minutes" INTEGER NOT NULL,
    "retired" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "round_setting_home_id" ON "round_setting" ("home_id")''',
    '''CREATE INDEX "round_setting_home_id_name_valid_from" ON "round_setting" ("home_id", "name", "valid_from")''',
    '''CREATE TRIGGER round_setting_no_update BEFORE UPDATE ON "round_setting"
BEGIN SELECT RAISE(ABORT, 'round_setting is append-only'); END''',
    '''CREATE TRIGGER round_setting_no_delete BEFORE DELETE ON "round_setting"
BEGIN SELECT RAISE(ABORT, 'round_setting is append-only'); END''',
    '''CREATE TRIGGER round_setting_no_replace BEFORE INSERT ON "round_setting"
WHEN EXISTS (SELECT 1 FROM "round_setting" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'round_setting is append-only'); END''',
]

POSTGRES = [
    # scan: RECORD
    '''CREATE TABLE "scan" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "label_id" INTEGER,
    "how" TEXT NOT NULL CHECK (how IN ('scanner', 'camera', 'typed', 'no_scan')),
    "place" TEXT NOT NULL,
    "session" BIGINT,
    "stopped" BOOLEAN NOT NULL,
    "open_resident" BIGINT,
    "reason" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("label_id") REFERENCES "label" ("id"),
    CHECK ((how = 'no_scan') = (label_id IS NULL))
)''',
    '''CREATE INDEX "scan_label_id" ON "scan" ("label_id")''',
    '''CREATE INDEX "scan_by_at" ON "scan" ("by", "at")''',
    '''CREATE INDEX "scan_resident_id_at" ON "scan" ("resident_id", "at")''',
    '''CREATE TRIGGER scan_no_change BEFORE UPDATE OR DELETE ON "scan"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER scan_no_truncate BEFORE TRUNCATE ON "scan"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # entry: RECORD
    '''CREATE TABLE "entry" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "entry_id" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "order_version_id" INTEGER NOT NULL,
    "due_at" BIGINT,
    "outcome" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "given_at" BIGINT,
    "prepared_at" BIGINT,
    "saved_at" BIGINT,
    "at" BIGINT NOT NULL,
    "scan_id" INTEGER,
    "by" BIGINT NOT NULL,
    "administered_by" BIGINT,
    "claim" INTEGER,
    "after_the_fact" BOOLEAN NOT NULL,
    "corrects_id" INTEGER,
    "flags" TEXT NOT NULL,
    "session" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id"),
    FOREIGN KEY ("order_version_id") REFERENCES "order_version" ("id"),
    FOREIGN KEY ("scan_id") REFERENCES "scan" ("id"),
    FOREIGN KEY ("corrects_id") REFERENCES "entry" ("id"),
    CHECK (outcome IN ('given', 'refused', 'asleep', 'away', 'not_available', 'other')),
    CHECK ((claim IS NOT NULL) = (outcome = 'given' AND due_at IS NOT NULL AND NOT after_the_fact)),
    CHECK ((outcome = 'given') = (given_at IS NOT NULL)),
    CHECK (NOT after_the_fact OR outcome = 'given')
)''',
    '''CREATE UNIQUE INDEX "entry_entry_id" ON "entry" ("entry_id")''',
    '''CREATE INDEX "entry_corrects_id" ON "entry" ("corrects_id")''',
    '''CREATE UNIQUE INDEX "entry_order_line_id_due_at_claim" ON "entry" ("order_line_id", "due_at", "claim")''',
    '''CREATE INDEX "entry_home_id_due_at" ON "entry" ("home_id", "due_at")''',
    '''CREATE INDEX "entry_resident_id_due_at" ON "entry" ("resident_id", "due_at")''',
    '''CREATE INDEX "entry_order_line_id_outcome_given_at" ON "entry" ("order_line_id", "outcome", "given_at")''',
    '''CREATE TRIGGER entry_no_change BEFORE UPDATE OR DELETE ON "entry"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON "entry"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # given_report: RECORD
    '''CREATE TABLE "given_report" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "home_id" INTEGER NOT NULL,
    "who_knew" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "joined_refusal" BIGINT,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE UNIQUE INDEX "given_report_entry_id" ON "given_report" ("entry_id")''',
    '''CREATE INDEX "given_report_home_id" ON "given_report" ("home_id")''',
    '''CREATE INDEX "given_report_home_id_at" ON "given_report" ("home_id", "at")''',
    '''CREATE TRIGGER given_report_no_change BEFORE UPDATE OR DELETE ON "given_report"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER given_report_no_truncate BEFORE TRUNCATE ON "given_report"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # given_report_closing: RECORD
    '''CREATE TABLE "given_report_closing" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "report_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("report_id") REFERENCES "given_report" ("id")
)''',
    '''CREATE UNIQUE INDEX "given_report_closing_report_id" ON "given_report_closing" ("report_id")''',
    '''CREATE TRIGGER given_report_closing_no_change BEFORE UPDATE OR DELETE ON "given_report_closing"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER given_report_closing_no_truncate BEFORE TRUNCATE ON "given_report_closing"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # help_request: RECORD
    '''CREATE TABLE "help_request" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "order_line_id" INTEGER NOT NULL,
    "due_at" BIGINT,
    "kind" TEXT NOT NULL CHECK (kind IN ('give', 'supervise')),
    "asked_person" BIGINT,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id")
)''',
    '''CREATE INDEX "help_request_home_id" ON "help_request" ("home_id")''',
    '''CREATE INDEX "help_request_order_line_id" ON "help_request" ("order_line_id")''',
    '''CREATE TRIGGER help_request_no_change BEFORE UPDATE OR DELETE ON "help_request"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER help_request_no_truncate BEFORE TRUNCATE ON "help_request"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # round_part: RECORD
    '''CREATE TABLE "round_part" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "round_name" TEXT NOT NULL,
    "round_start" BIGINT NOT NULL,
    "still_open" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "round_part_home_id" ON "round_part" ("home_id")''',
    '''CREATE INDEX "round_part_home_id_round_start" ON "round_part" ("home_id", "round_start")''',
    '''CREATE TRIGGER round_part_no_change BEFORE UPDATE OR DELETE ON "round_part"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER round_part_no_truncate BEFORE TRUNCATE ON "round_part"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # round_setting: VERSIONED
    '''CREATE TABLE "round_setting" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "starts" TEXT NOT NULL,
    "close_minutes" INTEGER NOT NULL,
    "retired" BOOLEAN NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "round_setting_home_id" ON "round_setting" ("home_id")''',
    '''CREATE INDEX "round_setting_home_id_name_valid_from" ON "round_setting" ("home_id", "name", "valid_from")''',
    '''CREATE TRIGGER round_setting_no_change BEFORE UPDATE OR DELETE ON "round_setting"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER round_setting_no_truncate BEFORE TRUNCATE ON "round_setting"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
]


def up(migrator, db):
    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(sql)

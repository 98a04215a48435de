"""Medicines."""

from peewee import SqliteDatabase

SQLITE = [
    # order_line: RECORD
    '''CREATE TABLE "order_line" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "order_line_home_id" ON "order_line" ("home_id")''',
    '''CREATE INDEX "order_line_resident_id" ON "order_line" ("resident_id")''',
    '''CREATE TRIGGER order_line_no_update BEFORE UPDATE ON "order_line"
BEGIN SELECT RAISE(ABORT, 'order_line is append-only'); END''',
    '''CREATE TRIGGER order_line_no_delete BEFORE DELETE ON "order_line"
BEGIN SELECT RAISE(ABORT, 'order_line is append-only'); END''',
    '''CREATE TRIGGER order_line_no_replace BEFORE INSERT ON "order_line"
WHEN EXISTS (SELECT 1 FROM "order_line" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'order_line is append-only'); END''',
    # order_version: VERSIONED
    '''CREATE TABLE "order_version" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "line_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "stopped" INTEGER NOT NULL,
    "medicine" TEXT NOT NULL,
    "strength" TEXT NOT NULL,
    "form" TEXT NOT NULL,
    "dose_amount" TEXT NOT NULL,
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
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("line_id") REFERENCES "order_line" ("id"),
    CHECK (window_before >= 0),
    CHECK (window_after >= 0)
)''',
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
    # order_check: RECORD
    '''CREATE TABLE "order_check" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "version_id" INTEGER NOT NULL,
    "agrees" INTEGER NOT NULL,
    "differences" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("version_id") REFERENCES "order_version" ("id")
)''',
    '''CREATE INDEX "order_check_version_id" ON "order_check" ("version_id")''',
    '''CREATE TRIGGER order_check_no_update BEFORE UPDATE ON "order_check"
BEGIN SELECT RAISE(ABORT, 'order_check is append-only'); END''',
    '''CREATE TRIGGER order_check_no_delete BEFORE DELETE ON "order_check"
BEGIN SELECT RAISE(ABORT, 'order_check is append-only'); END''',
    '''CREATE TRIGGER order_check_no_replace BEFORE INSERT ON "order_check"
WHEN EXISTS (SELECT 1 FROM "order_check" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'order_check is append-only'); END''',
]

POSTGRES = [
    # order_line: RECORD
    '''CREATE TABLE "order_line" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "order_line_home_id" ON "order_line" ("home_id")''',
    '''CREATE INDEX "order_line_resident_id" ON "order_line" ("resident_id")''',
    '''CREATE TRIGGER order_line_no_change BEFORE UPDATE OR DELETE ON "order_line"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER order_line_no_truncate BEFORE TRUNCATE ON "order_line"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # order_version: VERSIONED
    '''CREATE TABLE "order_version" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "line_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "stopped" BOOLEAN NOT NULL,
    "medicine" TEXT NOT NULL,
    "strength" TEXT NOT NULL,
    "form" TEXT NOT NULL,
    "dose_amount" TEXT NOT NULL,
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
    "time_critical" BOOLEAN NOT NULL,
    "high_risk" BOOLEAN NOT NULL,
    "controlled" BOOLEAN NOT NULL,
    "required_skills" TEXT NOT NULL,
    "prescriber" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "allergy_answer" TEXT NOT NULL,
    "hand_keyed" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("line_id") REFERENCES "order_line" ("id"),
    CHECK (window_before >= 0),
    CHECK (window_after >= 0)
)''',
    '''CREATE INDEX "order_version_line_id" ON "order_version" ("line_id")''',
    '''CREATE UNIQUE INDEX "order_version_line_id_number" ON "order_version" ("line_id", "number")''',
    '''CREATE INDEX "order_version_line_id_valid_from" ON "order_version" ("line_id", "valid_from")''',
    '''CREATE TRIGGER order_version_no_change BEFORE UPDATE OR DELETE ON "order_version"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER order_version_no_truncate BEFORE TRUNCATE ON "order_version"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # order_check: RECORD
    '''CREATE TABLE "order_check" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "version_id" INTEGER NOT NULL,
    "agrees" BOOLEAN NOT NULL,
    "differences" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("version_id") REFERENCES "order_version" ("id")
)''',
    '''CREATE INDEX "order_check_version_id" ON "order_check" ("version_id")''',
    '''CREATE TRIGGER order_check_no_change BEFORE UPDATE OR DELETE ON "order_check"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER order_check_no_truncate BEFORE TRUNCATE ON "order_check"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
]


def up(migrator, db):
    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(sql)

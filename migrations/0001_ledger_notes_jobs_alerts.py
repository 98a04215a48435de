"""Ledger notes jobs alerts."""

from peewee import SqliteDatabase

SQLITE = [
    # access_batch: WORKING
    '''CREATE TABLE "access_batch" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "home" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "sealed_at" INTEGER
)''',
    '''CREATE INDEX "access_batch_home" ON "access_batch" ("home")''',
    # access_line: WORKING
    '''CREATE TABLE "access_line" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "batch_id" INTEGER NOT NULL,
    "home" INTEGER NOT NULL,
    "person" INTEGER,
    "at" INTEGER NOT NULL,
    "page" TEXT NOT NULL,
    "subject" TEXT,
    FOREIGN KEY ("batch_id") REFERENCES "access_batch" ("id")
)''',
    '''CREATE INDEX "access_line_batch_id" ON "access_line" ("batch_id")''',
    '''CREATE INDEX "access_line_home_subject_at" ON "access_line" ("home", "subject", "at")''',
    # alert: RECORD
    '''CREATE TABLE "alert" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "to_verb" TEXT NOT NULL,
    "to_person" INTEGER,
    "about" TEXT NOT NULL
)''',
    '''CREATE UNIQUE INDEX "alert_key" ON "alert" ("key")''',
    '''CREATE INDEX "alert_home_id_at" ON "alert" ("home_id", "at")''',
    '''CREATE TRIGGER alert_no_update BEFORE UPDATE ON "alert"
BEGIN SELECT RAISE(ABORT, 'alert is append-only'); END''',
    '''CREATE TRIGGER alert_no_delete BEFORE DELETE ON "alert"
BEGIN SELECT RAISE(ABORT, 'alert is append-only'); END''',
    '''CREATE TRIGGER alert_no_replace BEFORE INSERT ON "alert"
WHEN EXISTS (SELECT 1 FROM "alert" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "alert" WHERE "key" = NEW."key")
BEGIN SELECT RAISE(ABORT, 'alert is append-only'); END''',
    # acknowledgement: RECORD
    '''CREATE TABLE "acknowledgement" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "alert_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("alert_id") REFERENCES "alert" ("id")
)''',
    '''CREATE INDEX "acknowledgement_alert_id" ON "acknowledgement" ("alert_id")''',
    '''CREATE UNIQUE INDEX "acknowledgement_alert_id_by" ON "acknowledgement" ("alert_id", "by")''',
    '''CREATE TRIGGER acknowledgement_no_update BEFORE UPDATE ON "acknowledgement"
BEGIN SELECT RAISE(ABORT, 'acknowledgement is append-only'); END''',
    '''CREATE TRIGGER acknowledgement_no_delete BEFORE DELETE ON "acknowledgement"
BEGIN SELECT RAISE(ABORT, 'acknowledgement is append-only'); END''',
    '''CREATE TRIGGER acknowledgement_no_replace BEFORE INSERT ON "acknowledgement"
WHEN EXISTS (SELECT 1 FROM "acknowledgement" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "acknowledgement" WHERE "alert_id" = NEW."alert_id" AND "by" = NEW."by")
BEGIN SELECT RAISE(ABORT, 'acknowledgement is append-only'); END''',
    # chain: RECORD
    '''CREATE TABLE "chain" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('home', 'provider')),
    "name" TEXT NOT NULL
)''',
    '''CREATE TRIGGER chain_no_update BEFORE UPDATE ON "chain"
BEGIN SELECT RAISE(ABORT, 'chain is append-only'); END''',
    '''CREATE TRIGGER chain_no_delete BEFORE DELETE ON "chain"
BEGIN SELECT RAISE(ABORT, 'chain is append-only'); END''',
    '''CREATE TRIGGER chain_no_replace BEFORE INSERT ON "chain"
WHEN EXISTS (SELECT 1 FROM "chain" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'chain is append-only'); END''',
    # counter: WORKING
    '''CREATE TABLE "counter" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "home" INTEGER NOT NULL,
    "day" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "count" INTEGER NOT NULL
)''',
    '''CREATE UNIQUE INDEX "counter_home_day_name" ON "counter" ("home", "day", "name")''',
    # job: WORKING
    '''CREATE TABLE "job" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "run_at" INTEGER NOT NULL,
    "leased_until" INTEGER,
    "attempts" INTEGER NOT NULL,
    "done_at" INTEGER,
    "error" TEXT
)''',
    '''CREATE UNIQUE INDEX "job_key" ON "job" ("key")''',
    '''CREATE INDEX "job_done_at_run_at" ON "job" ("done_at", "run_at")''',
    # ledger_line: RECORD
    '''CREATE TABLE "ledger_line" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "chain_id" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "verb" TEXT NOT NULL,
    "outcome" TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    "by_kind" TEXT NOT NULL,
    "by_person" INTEGER,
    "subject" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "rows" TEXT NOT NULL,
    "prev" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    FOREIGN KEY ("chain_id") REFERENCES "chain" ("id")
)''',
    '''CREATE UNIQUE INDEX "ledger_line_hash" ON "ledger_line" ("hash")''',
    '''CREATE UNIQUE INDEX "ledger_line_chain_id_seq" ON "ledger_line" ("chain_id", "seq")''',
    '''CREATE INDEX "ledger_line_chain_id_subject_seq" ON "ledger_line" ("chain_id", "subject", "seq")''',
    '''CREATE TRIGGER ledger_line_no_update BEFORE UPDATE ON "ledger_line"
BEGIN SELECT RAISE(ABORT, 'ledger_line is append-only'); END''',
    '''CREATE TRIGGER ledger_line_no_delete BEFORE DELETE ON "ledger_line"
BEGIN SELECT RAISE(ABORT, 'ledger_line is append-only'); END''',
    '''CREATE TRIGGER ledger_line_no_replace BEFORE INSERT ON "ledger_line"
WHEN EXISTS (SELECT 1 FROM "ledger_line" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "ledger_line" WHERE "hash" = NEW."hash")
    OR EXISTS (SELECT 1 FROM "ledger_line" WHERE "chain_id" = NEW."chain_id" AND "seq" = NEW."seq")
BEGIN SELECT RAISE(ABORT, 'ledger_line is append-only'); END''',
    # refusal: RECORD
    '''CREATE TABLE "refusal" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "chain_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "verb" TEXT NOT NULL,
    "by_kind" TEXT NOT NULL,
    "by_person" INTEGER,
    "code" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    FOREIGN KEY ("chain_id") REFERENCES "chain" ("id")
)''',
    '''CREATE INDEX "refusal_chain_id" ON "refusal" ("chain_id")''',
    '''CREATE INDEX "refusal_at" ON "refusal" ("at")''',
    '''CREATE TRIGGER refusal_no_update BEFORE UPDATE ON "refusal"
BEGIN SELECT RAISE(ABORT, 'refusal is append-only'); END''',
    '''CREATE TRIGGER refusal_no_delete BEFORE DELETE ON "refusal"
BEGIN SELECT RAISE(ABORT, 'refusal is append-only'); END''',
    '''CREATE TRIGGER refusal_no_replace BEFORE INSERT ON "refusal"
WHEN EXISTS (SELECT 1 FROM "refusal" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'refusal is append-only'); END''',
    # throttle: WORKING
    '''CREATE TABLE "throttle" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "since" INTEGER NOT NULL,
    "count" INTEGER NOT NULL
)''',
    '''CREATE UNIQUE INDEX "throttle_key" ON "throttle" ("key")''',
    # worker_beat: WORKING
    '''CREATE TABLE "worker_beat" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "at" INTEGER NOT NULL
)''',
    '''CREATE UNIQUE INDEX "worker_beat_name" ON "worker_beat" ("name")''',
]

POSTGRES = [
    """CREATE FUNCTION steady_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only table' USING ERRCODE = '23000'; END $$""",
    # access_batch: WORKING
    '''CREATE TABLE "access_batch" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "home" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "digest" TEXT NOT NULL,
    "sealed_at" BIGINT
)''',
    '''CREATE INDEX "access_batch_home" ON "access_batch" ("home")''',
    # access_line: WORKING
    '''CREATE TABLE "access_line" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "batch_id" INTEGER NOT NULL,
    "home" BIGINT NOT NULL,
    "person" BIGINT,
    "at" BIGINT NOT NULL,
    "page" TEXT NOT NULL,
    "subject" TEXT,
    FOREIGN KEY ("batch_id") REFERENCES "access_batch" ("id")
)''',
    '''CREATE INDEX "access_line_batch_id" ON "access_line" ("batch_id")''',
    '''CREATE INDEX "access_line_home_subject_at" ON "access_line" ("home", "subject", "at")''',
    # alert: RECORD
    '''CREATE TABLE "alert" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "to_verb" TEXT NOT NULL,
    "to_person" BIGINT,
    "about" TEXT NOT NULL
)''',
    '''CREATE UNIQUE INDEX "alert_key" ON "alert" ("key")''',
    '''CREATE INDEX "alert_home_id_at" ON "alert" ("home_id", "at")''',
    '''CREATE TRIGGER alert_no_change BEFORE UPDATE OR DELETE ON "alert"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER alert_no_truncate BEFORE TRUNCATE ON "alert"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # acknowledgement: RECORD
    '''CREATE TABLE "acknowledgement" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "alert_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("alert_id") REFERENCES "alert" ("id")
)''',
    '''CREATE INDEX "acknowledgement_alert_id" ON "acknowledgement" ("alert_id")''',
    '''CREATE UNIQUE INDEX "acknowledgement_alert_id_by" ON "acknowledgement" ("alert_id", "by")''',
    '''CREATE TRIGGER acknowledgement_no_change BEFORE UPDATE OR DELETE ON "acknowledgement"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER acknowledgement_no_truncate BEFORE TRUNCATE ON "acknowledgement"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # chain: RECORD
    '''CREATE TABLE "chain" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('home', 'provider')),
    "name" TEXT NOT NULL
)''',
    '''CREATE TRIGGER chain_no_change BEFORE UPDATE OR DELETE ON "chain"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER chain_no_truncate BEFORE TRUNCATE ON "chain"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # counter: WORKING
    '''CREATE TABLE "counter" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "home" BIGINT NOT NULL,
    "day" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "count" BIGINT NOT NULL
)''',
    '''CREATE UNIQUE INDEX "counter_home_day_name" ON "counter" ("home", "day", "name")''',
    # job: WORKING
    '''CREATE TABLE "job" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "run_at" BIGINT NOT NULL,
    "leased_until" BIGINT,
    "attempts" INTEGER NOT NULL,
    "done_at" BIGINT,
    "error" TEXT
)''',
    '''CREATE UNIQUE INDEX "job_key" ON "job" ("key")''',
    '''CREATE INDEX "job_done_at_run_at" ON "job" ("done_at", "run_at")''',
    # ledger_line: RECORD
    '''CREATE TABLE "ledger_line" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "chain_id" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "verb" TEXT NOT NULL,
    "outcome" TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    "by_kind" TEXT NOT NULL,
    "by_person" BIGINT,
    "subject" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "rows" TEXT NOT NULL,
    "prev" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    FOREIGN KEY ("chain_id") REFERENCES "chain" ("id")
)''',
    '''CREATE UNIQUE INDEX "ledger_line_hash" ON "ledger_line" ("hash")''',
    '''CREATE UNIQUE INDEX "ledger_line_chain_id_seq" ON "ledger_line" ("chain_id", "seq")''',
    '''CREATE INDEX "ledger_line_chain_id_subject_seq" ON "ledger_line" ("chain_id", "subject", "seq")''',
    '''CREATE TRIGGER ledger_line_no_change BEFORE UPDATE OR DELETE ON "ledger_line"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER ledger_line_no_truncate BEFORE TRUNCATE ON "ledger_line"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # refusal: RECORD
    '''CREATE TABLE "refusal" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "chain_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "verb" TEXT NOT NULL,
    "by_kind" TEXT NOT NULL,
    "by_person" BIGINT,
    "code" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    FOREIGN KEY ("chain_id") REFERENCES "chain" ("id")
)''',
    '''CREATE INDEX "refusal_chain_id" ON "refusal" ("chain_id")''',
    '''CREATE INDEX "refusal_at" ON "refusal" ("at")''',
    '''CREATE TRIGGER refusal_no_change BEFORE UPDATE OR DELETE ON "refusal"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER refusal_no_truncate BEFORE TRUNCATE ON "refusal"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # throttle: WORKING
    '''CREATE TABLE "throttle" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "since" BIGINT NOT NULL,
    "count" BIGINT NOT NULL
)''',
    '''CREATE UNIQUE INDEX "throttle_key" ON "throttle" ("key")''',
    # worker_beat: WORKING
    '''CREATE TABLE "worker_beat" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "at" BIGINT NOT NULL
)''',
    '''CREATE UNIQUE INDEX "worker_beat_name" ON "worker_beat" ("name")''',
]


def up(migrator, db):
    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(sql)

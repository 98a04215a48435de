"""The ledger page: indexes for every way it asks, and the table of checks of the chain that were asked for."""

from peewee import SqliteDatabase

# The order in which pages show lines is (at, seq): the older index by seq alone gives way to one that knows both.
SHARED = [
    '''DROP INDEX "ledger_line_chain_id_subject_seq"''',
    '''CREATE INDEX "ledger_line_chain_id_at_seq" ON "ledger_line" ("chain_id", "at", "seq")''',
    '''CREATE INDEX "ledger_line_chain_id_subject_at_seq" ON "ledger_line" ("chain_id", "subject", "at", "seq")''',
    '''CREATE INDEX "ledger_line_chain_id_by_person_at_seq" ON "ledger_line" ("chain_id", "by_person", "at", "seq")''',
    '''CREATE INDEX "ledger_line_chain_id_verb_at_seq" ON "ledger_line" ("chain_id", "verb", "at", "seq")''',
    '''CREATE INDEX "ledger_line_refused" ON "ledger_line" ("chain_id", "at", "seq") WHERE outcome = 'refused' ''',
    '''DROP INDEX "access_line_home_subject_at"''',
    '''CREATE INDEX "access_line_home_at_id" ON "access_line" ("home", "at", "id")''',
    '''CREATE INDEX "access_line_home_subject_at_id" ON "access_line" ("home", "subject", "at", "id")''',
    '''CREATE INDEX "access_line_home_person_at_id" ON "access_line" ("home", "person", "at", "id")''',
]
SQLITE = [
    *SHARED,
    # chain_check: WORKING
    '''CREATE TABLE "chain_check" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "home" INTEGER NOT NULL,
    "asked_at" INTEGER NOT NULL,
    "asked_by" INTEGER,
    "upto" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "records" INTEGER NOT NULL,
    "fault_count" INTEGER NOT NULL,
    "faults" TEXT NOT NULL,
    "done_at" INTEGER
)''',
    '''CREATE INDEX "chain_check_home_id" ON "chain_check" ("home", "id")''',
]
POSTGRES = [
    *SHARED,
    # chain_check: WORKING
    '''CREATE TABLE "chain_check" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "home" BIGINT NOT NULL,
    "asked_at" BIGINT NOT NULL,
    "asked_by" BIGINT,
    "upto" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "records" BIGINT NOT NULL,
    "fault_count" BIGINT NOT NULL,
    "faults" TEXT NOT NULL,
    "done_at" BIGINT
)''',
    '''CREATE INDEX "chain_check_home_id" ON "chain_check" ("home", "id")''',
]


def up(migrator, db):
    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(sql)

"""Competency."""

from peewee import SqliteDatabase

SQLITE = [
    # skill_grant: VERSIONED
    '''CREATE TABLE "skill_grant" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "home_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "resident_id" INTEGER,
    "state" TEXT NOT NULL CHECK (state IN ('not_started', 'knowledge_passed', 'assessing', 'competent', 'supervised_only', 'suspended', 'ended')),
    "valid_from" INTEGER NOT NULL,
    "valid_until" INTEGER,
    "reason" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "skill_grant_person_id" ON "skill_grant" ("person_id")''',
    '''CREATE INDEX "skill_grant_home_id" ON "skill_grant" ("home_id")''',
    '''CREATE INDEX "skill_grant_resident_id" ON "skill_grant" ("resident_id")''',
    '''CREATE INDEX "skill_grant_home_id_person_id_skill_valid_from" ON "skill_grant" ("home_id", "person_id", "skill", "valid_from")''',
    '''CREATE TRIGGER skill_grant_no_update BEFORE UPDATE ON "skill_grant"
BEGIN SELECT RAISE(ABORT, 'skill_grant is append-only'); END''',
    '''CREATE TRIGGER skill_grant_no_delete BEFORE DELETE ON "skill_grant"
BEGIN SELECT RAISE(ABORT, 'skill_grant is append-only'); END''',
    '''CREATE TRIGGER skill_grant_no_replace BEFORE INSERT ON "skill_grant"
WHEN EXISTS (SELECT 1 FROM "skill_grant" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'skill_grant is append-only'); END''',
]

POSTGRES = [
    # skill_grant: VERSIONED
    '''CREATE TABLE "skill_grant" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "home_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "resident_id" INTEGER,
    "state" TEXT NOT NULL CHECK (state IN ('not_started', 'knowledge_passed', 'assessing', 'competent', 'supervised_only', 'suspended', 'ended')),
    "valid_from" BIGINT NOT NULL,
    "valid_until" BIGINT,
    "reason" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "skill_grant_person_id" ON "skill_grant" ("person_id")''',
    '''CREATE INDEX "skill_grant_home_id" ON "skill_grant" ("home_id")''',
    '''CREATE INDEX "skill_grant_resident_id" ON "skill_grant" ("resident_id")''',
    '''CREATE INDEX "skill_grant_home_id_person_id_skill_valid_from" ON "skill_grant" ("home_id", "person_id", "skill", "valid_from")''',
    '''CREATE TRIGGER skill_grant_no_change BEFORE UPDATE OR DELETE ON "skill_grant"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER skill_grant_no_truncate BEFORE TRUNCATE ON "skill_grant"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
]


def up(migrator, db):
    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(sql)

"""Staff."""

from peewee import SqliteDatabase

SQLITE = [
    # provider: RECORD
    '''CREATE TABLE "provider" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "chain_id" INTEGER NOT NULL,
    FOREIGN KEY ("chain_id") REFERENCES "chain" ("id")
)''',
    '''CREATE UNIQUE INDEX "provider_chain_id" ON "provider" ("chain_id")''',
    '''CREATE TRIGGER provider_no_update BEFORE UPDATE ON "provider"
BEGIN SELECT RAISE(ABORT, 'provider is append-only'); END''',
    '''CREATE TRIGGER provider_no_delete BEFORE DELETE ON "provider"
BEGIN SELECT RAISE(ABORT, 'provider is append-only'); END''',
    '''CREATE TRIGGER provider_no_replace BEFORE INSERT ON "provider"
WHEN EXISTS (SELECT 1 FROM "provider" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "provider" WHERE "chain_id" = NEW."chain_id")
BEGIN SELECT RAISE(ABORT, 'provider is append-only'); END''',
    # person: RECORD
    '''CREATE TABLE "person" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "provider_id" INTEGER NOT NULL,
    "username" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("provider_id") REFERENCES "provider" ("id")
)''',
    '''CREATE INDEX "person_provider_id" ON "person" ("provider_id")''',
    '''CREATE UNIQUE INDEX "person_username" ON "person" ("username")''',
    '''CREATE TRIGGER person_no_update BEFORE UPDATE ON "person"
BEGIN SELECT RAISE(ABORT, 'person is append-only'); END''',
    '''CREATE TRIGGER person_no_delete BEFORE DELETE ON "person"
BEGIN SELECT RAISE(ABORT, 'person is append-only'); END''',
    '''CREATE TRIGGER person_no_replace BEFORE INSERT ON "person"
WHEN EXISTS (SELECT 1 FROM "person" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "person" WHERE "username" = NEW."username")
BEGIN SELECT RAISE(ABORT, 'person is append-only'); END''',
    # home: RECORD
    '''CREATE TABLE "home" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "provider_id" INTEGER NOT NULL,
    "chain_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "units" TEXT NOT NULL,
    FOREIGN KEY ("provider_id") REFERENCES "provider" ("id"),
    FOREIGN KEY ("chain_id") REFERENCES "chain" ("id")
)''',
    '''CREATE INDEX "home_provider_id" ON "home" ("provider_id")''',
    '''CREATE UNIQUE INDEX "home_chain_id" ON "home" ("chain_id")''',
    '''CREATE UNIQUE INDEX "home_slug" ON "home" ("slug")''',
    '''CREATE TRIGGER home_no_update BEFORE UPDATE ON "home"
BEGIN SELECT RAISE(ABORT, 'home is append-only'); END''',
    '''CREATE TRIGGER home_no_delete BEFORE DELETE ON "home"
BEGIN SELECT RAISE(ABORT, 'home is append-only'); END''',
    '''CREATE TRIGGER home_no_replace BEFORE INSERT ON "home"
WHEN EXISTS (SELECT 1 FROM "home" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "home" WHERE "chain_id" = NEW."chain_id")
    OR EXISTS (SELECT 1 FROM "home" WHERE "slug" = NEW."slug")
BEGIN SELECT RAISE(ABORT, 'home is append-only'); END''',
    # duty: VERSIONED
    '''CREATE TABLE "duty" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "duty_key" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "home_id" INTEGER NOT NULL,
    "starts" INTEGER NOT NULL,
    "ends" INTEGER NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('floor', 'shift_leader', 'on_call')),
    "withdrawn" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    CHECK (ends > starts)
)''',
    '''CREATE INDEX "duty_person_id" ON "duty" ("person_id")''',
    '''CREATE INDEX "duty_home_id" ON "duty" ("home_id")''',
    '''CREATE INDEX "duty_home_id_ends" ON "duty" ("home_id", "ends")''',
    '''CREATE INDEX "duty_duty_key" ON "duty" ("duty_key")''',
    '''CREATE TRIGGER duty_no_update BEFORE UPDATE ON "duty"
BEGIN SELECT RAISE(ABORT, 'duty is append-only'); END''',
    '''CREATE TRIGGER duty_no_delete BEFORE DELETE ON "duty"
BEGIN SELECT RAISE(ABORT, 'duty is append-only'); END''',
    '''CREATE TRIGGER duty_no_replace BEFORE INSERT ON "duty"
WHEN EXISTS (SELECT 1 FROM "duty" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'duty is append-only'); END''',
    # password: WORKING
    '''CREATE TABLE "password" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "person_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "must_change" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE UNIQUE INDEX "password_person_id" ON "password" ("person_id")''',
    # person_version: VERSIONED
    '''CREATE TABLE "person_version" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "given_name" TEXT NOT NULL,
    "family_name" TEXT NOT NULL,
    "agency" INTEGER NOT NULL,
    "bank" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "person_version_person_id" ON "person_version" ("person_id")''',
    '''CREATE INDEX "person_version_person_id_valid_from" ON "person_version" ("person_id", "valid_from")''',
    '''CREATE TRIGGER person_version_no_update BEFORE UPDATE ON "person_version"
BEGIN SELECT RAISE(ABORT, 'person_version is append-only'); END''',
    '''CREATE TRIGGER person_version_no_delete BEFORE DELETE ON "person_version"
BEGIN SELECT RAISE(ABORT, 'person_version is append-only'); END''',
    '''CREATE TRIGGER person_version_no_replace BEFORE INSERT ON "person_version"
WHEN EXISTS (SELECT 1 FROM "person_version" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'person_version is append-only'); END''',
    # role: VERSIONED
    '''CREATE TABLE "role" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "home_id" INTEGER,
    "role" TEXT NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "valid_until" INTEGER,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "role_person_id" ON "role" ("person_id")''',
    '''CREATE INDEX "role_home_id" ON "role" ("home_id")''',
    '''CREATE INDEX "role_person_id_home_id_valid_from" ON "role" ("person_id", "home_id", "valid_from")''',
    '''CREATE INDEX "role_home_id_valid_from" ON "role" ("home_id", "valid_from")''',
    '''CREATE TRIGGER role_no_update BEFORE UPDATE ON "role"
BEGIN SELECT RAISE(ABORT, 'role is append-only'); END''',
    '''CREATE TRIGGER role_no_delete BEFORE DELETE ON "role"
BEGIN SELECT RAISE(ABORT, 'role is append-only'); END''',
    '''CREATE TRIGGER role_no_replace BEFORE INSERT ON "role"
WHEN EXISTS (SELECT 1 FROM "role" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'role is append-only'); END''',
    # session: WORKING
    '''CREATE TABLE "session" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "token_hash" TEXT NOT NULL,
    "csrf" TEXT NOT NULL,
    "person_id" INTEGER,
    "started_at" INTEGER NOT NULL,
    "last_seen" INTEGER NOT NULL,
    "ended_at" INTEGER,
    "user_agent" TEXT NOT NULL,
    "card_resident" INTEGER,
    "card_at" INTEGER,
    "card_ready" INTEGER NOT NULL,
    "data" TEXT NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE UNIQUE INDEX "session_token_hash" ON "session" ("token_hash")''',
    '''CREATE INDEX "session_person_id" ON "session" ("person_id")''',
    '''CREATE INDEX "session_person_id_ended_at" ON "session" ("person_id", "ended_at")''',
]

POSTGRES = [
    # provider: RECORD
    '''CREATE TABLE "provider" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "chain_id" INTEGER NOT NULL,
    FOREIGN KEY ("chain_id") REFERENCES "chain" ("id")
)''',
    '''CREATE UNIQUE INDEX "provider_chain_id" ON "provider" ("chain_id")''',
    '''CREATE TRIGGER provider_no_change BEFORE UPDATE OR DELETE ON "provider"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER provider_no_truncate BEFORE TRUNCATE ON "provider"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # person: RECORD
    '''CREATE TABLE "person" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "provider_id" INTEGER NOT NULL,
    "username" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("provider_id") REFERENCES "provider" ("id")
)''',
    '''CREATE INDEX "person_provider_id" ON "person" ("provider_id")''',
    '''CREATE UNIQUE INDEX "person_username" ON "person" ("username")''',
    '''CREATE TRIGGER person_no_change BEFORE UPDATE OR DELETE ON "person"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER person_no_truncate BEFORE TRUNCATE ON "person"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # home: RECORD
    '''CREATE TABLE "home" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "provider_id" INTEGER NOT NULL,
    "chain_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "units" TEXT NOT NULL,
    FOREIGN KEY ("provider_id") REFERENCES "provider" ("id"),
    FOREIGN KEY ("chain_id") REFERENCES "chain" ("id")
)''',
    '''CREATE INDEX "home_provider_id" ON "home" ("provider_id")''',
    '''CREATE UNIQUE INDEX "home_chain_id" ON "home" ("chain_id")''',
    '''CREATE UNIQUE INDEX "home_slug" ON "home" ("slug")''',
    '''CREATE TRIGGER home_no_change BEFORE UPDATE OR DELETE ON "home"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER home_no_truncate BEFORE TRUNCATE ON "home"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # duty: VERSIONED
    '''CREATE TABLE "duty" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "duty_key" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "home_id" INTEGER NOT NULL,
    "starts" BIGINT NOT NULL,
    "ends" BIGINT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('floor', 'shift_leader', 'on_call')),
    "withdrawn" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    CHECK (ends > starts)
)''',
    '''CREATE INDEX "duty_person_id" ON "duty" ("person_id")''',
    '''CREATE INDEX "duty_home_id" ON "duty" ("home_id")''',
    '''CREATE INDEX "duty_home_id_ends" ON "duty" ("home_id", "ends")''',
    '''CREATE INDEX "duty_duty_key" ON "duty" ("duty_key")''',
    '''CREATE TRIGGER duty_no_change BEFORE UPDATE OR DELETE ON "duty"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER duty_no_truncate BEFORE TRUNCATE ON "duty"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # password: WORKING
    '''CREATE TABLE "password" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "person_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "must_change" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE UNIQUE INDEX "password_person_id" ON "password" ("person_id")''',
    # person_version: VERSIONED
    '''CREATE TABLE "person_version" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "given_name" TEXT NOT NULL,
    "family_name" TEXT NOT NULL,
    "agency" BOOLEAN NOT NULL,
    "bank" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "person_version_person_id" ON "person_version" ("person_id")''',
    '''CREATE INDEX "person_version_person_id_valid_from" ON "person_version" ("person_id", "valid_from")''',
    '''CREATE TRIGGER person_version_no_change BEFORE UPDATE OR DELETE ON "person_version"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER person_version_no_truncate BEFORE TRUNCATE ON "person_version"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # role: VERSIONED
    '''CREATE TABLE "role" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "home_id" INTEGER,
    "role" TEXT NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "valid_until" BIGINT,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "role_person_id" ON "role" ("person_id")''',
    '''CREATE INDEX "role_home_id" ON "role" ("home_id")''',
    '''CREATE INDEX "role_person_id_home_id_valid_from" ON "role" ("person_id", "home_id", "valid_from")''',
    '''CREATE INDEX "role_home_id_valid_from" ON "role" ("home_id", "valid_from")''',
    '''CREATE TRIGGER role_no_change BEFORE UPDATE OR DELETE ON "role"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER role_no_truncate BEFORE TRUNCATE ON "role"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # session: WORKING
    '''CREATE TABLE "session" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "token_hash" TEXT NOT NULL,
    "csrf" TEXT NOT NULL,
    "person_id" INTEGER,
    "started_at" BIGINT NOT NULL,
    "last_seen" BIGINT NOT NULL,
    "ended_at" BIGINT,
    "user_agent" TEXT NOT NULL,
    "card_resident" BIGINT,
    "card_at" BIGINT,
    "card_ready" INTEGER NOT NULL,
    "data" TEXT NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE UNIQUE INDEX "session_token_hash" ON "session" ("token_hash")''',
    '''CREATE INDEX "session_person_id" ON "session" ("person_id")''',
    '''CREATE INDEX "session_person_id_ended_at" ON "session" ("person_id", "ended_at")''',
]


def up(migrator, db):
    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(sql)

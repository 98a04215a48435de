"""Residents."""

from peewee import SqliteDatabase

SQLITE = [
    # resident: RECORD
    '''CREATE TABLE "resident" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "resident_home_id" ON "resident" ("home_id")''',
    '''CREATE TRIGGER resident_no_update BEFORE UPDATE ON "resident"
BEGIN SELECT RAISE(ABORT, 'resident is append-only'); END''',
    '''CREATE TRIGGER resident_no_delete BEFORE DELETE ON "resident"
BEGIN SELECT RAISE(ABORT, 'resident is append-only'); END''',
    '''CREATE TRIGGER resident_no_replace BEFORE INSERT ON "resident"
WHEN EXISTS (SELECT 1 FROM "resident" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'resident is append-only'); END''',
    # allergies: VERSIONED
    '''CREATE TABLE "allergies" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "status" TEXT NOT NULL CHECK (status IN ('recorded', 'none', 'not_recorded')),
    "items" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "allergies_resident_id" ON "allergies" ("resident_id")''',
    '''CREATE INDEX "allergies_resident_id_valid_from" ON "allergies" ("resident_id", "valid_from")''',
    '''CREATE TRIGGER allergies_no_update BEFORE UPDATE ON "allergies"
BEGIN SELECT RAISE(ABORT, 'allergies is append-only'); END''',
    '''CREATE TRIGGER allergies_no_delete BEFORE DELETE ON "allergies"
BEGIN SELECT RAISE(ABORT, 'allergies is append-only'); END''',
    '''CREATE TRIGGER allergies_no_replace BEFORE INSERT ON "allergies"
WHEN EXISTS (SELECT 1 FROM "allergies" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'allergies is append-only'); END''',
    # label: VERSIONED
    '''CREATE TABLE "label" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "uid" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "place" TEXT NOT NULL CHECK (place IN ('person', 'door', 'folder')),
    "token_hash" TEXT NOT NULL,
    "short_code" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "label_resident_id" ON "label" ("resident_id")''',
    '''CREATE UNIQUE INDEX "label_uid" ON "label" ("uid")''',
    '''CREATE UNIQUE INDEX "label_token_hash" ON "label" ("token_hash")''',
    '''CREATE UNIQUE INDEX "label_short_code" ON "label" ("short_code")''',
    '''CREATE TRIGGER label_no_update BEFORE UPDATE ON "label"
BEGIN SELECT RAISE(ABORT, 'label is append-only'); END''',
    '''CREATE TRIGGER label_no_delete BEFORE DELETE ON "label"
BEGIN SELECT RAISE(ABORT, 'label is append-only'); END''',
    '''CREATE TRIGGER label_no_replace BEFORE INSERT ON "label"
WHEN EXISTS (SELECT 1 FROM "label" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "label" WHERE "uid" = NEW."uid")
    OR EXISTS (SELECT 1 FROM "label" WHERE "token_hash" = NEW."token_hash")
    OR EXISTS (SELECT 1 FROM "label" WHERE "short_code" = NEW."short_code")
BEGIN SELECT RAISE(ABORT, 'label is append-only'); END''',
    # label_end: VERSIONED
    '''CREATE TABLE "label_end" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "label_id" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("label_id") REFERENCES "label" ("id")
)''',
    '''CREATE UNIQUE INDEX "label_end_label_id" ON "label_end" ("label_id")''',
    '''CREATE TRIGGER label_end_no_update BEFORE UPDATE ON "label_end"
BEGIN SELECT RAISE(ABORT, 'label_end is append-only'); END''',
    '''CREATE TRIGGER label_end_no_delete BEFORE DELETE ON "label_end"
BEGIN SELECT RAISE(ABORT, 'label_end is append-only'); END''',
    '''CREATE TRIGGER label_end_no_replace BEFORE INSERT ON "label_end"
WHEN EXISTS (SELECT 1 FROM "label_end" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "label_end" WHERE "label_id" = NEW."label_id")
BEGIN SELECT RAISE(ABORT, 'label_end is append-only'); END''',
    # photo: VERSIONED
    '''CREATE TABLE "photo" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "taken_on" TEXT NOT NULL,
    "small" BLOB NOT NULL,
    "large" BLOB NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "photo_resident_id" ON "photo" ("resident_id")''',
    '''CREATE INDEX "photo_resident_id_at" ON "photo" ("resident_id", "at")''',
    '''CREATE TRIGGER photo_no_update BEFORE UPDATE ON "photo"
BEGIN SELECT RAISE(ABORT, 'photo is append-only'); END''',
    '''CREATE TRIGGER photo_no_delete BEFORE DELETE ON "photo"
BEGIN SELECT RAISE(ABORT, 'photo is append-only'); END''',
    '''CREATE TRIGGER photo_no_replace BEFORE INSERT ON "photo"
WHEN EXISTS (SELECT 1 FROM "photo" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'photo is append-only'); END''',
    # resident_version: VERSIONED
    '''CREATE TABLE "resident_version" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "given_name" TEXT NOT NULL,
    "family_name" TEXT NOT NULL,
    "preferred_name" TEXT NOT NULL,
    "born" TEXT NOT NULL,
    "nhs_number" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "gp" TEXT NOT NULL,
    "likes" TEXT NOT NULL,
    "fluid_level" INTEGER,
    "food_level" INTEGER,
    "weight_kg" TEXT,
    "alert" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "resident_version_resident_id" ON "resident_version" ("resident_id")''',
    '''CREATE INDEX "resident_version_resident_id_valid_from" ON "resident_version" ("resident_id", "valid_from")''',
    '''CREATE TRIGGER resident_version_no_update BEFORE UPDATE ON "resident_version"
BEGIN SELECT RAISE(ABORT, 'resident_version is append-only'); END''',
    '''CREATE TRIGGER resident_version_no_delete BEFORE DELETE ON "resident_version"
BEGIN SELECT RAISE(ABORT, 'resident_version is append-only'); END''',
    '''CREATE TRIGGER resident_version_no_replace BEFORE INSERT ON "resident_version"
WHEN EXISTS (SELECT 1 FROM "resident_version" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'resident_version is append-only'); END''',
    # whereabouts: VERSIONED
    '''CREATE TABLE "whereabouts" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK (state IN ('home', 'hospital', 'leave', 'discharged', 'died')),
    "expected_back" INTEGER,
    "note" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "whereabouts_resident_id" ON "whereabouts" ("resident_id")''',
    '''CREATE INDEX "whereabouts_resident_id_valid_from" ON "whereabouts" ("resident_id", "valid_from")''',
    '''CREATE TRIGGER whereabouts_no_update BEFORE UPDATE ON "whereabouts"
BEGIN SELECT RAISE(ABORT, 'whereabouts is append-only'); END''',
    '''CREATE TRIGGER whereabouts_no_delete BEFORE DELETE ON "whereabouts"
BEGIN SELECT RAISE(ABORT, 'whereabouts is append-only'); END''',
    '''CREATE TRIGGER whereabouts_no_replace BEFORE INSERT ON "whereabouts"
WHEN EXISTS (SELECT 1 FROM "whereabouts" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'whereabouts is append-only'); END''',
]

POSTGRES = [
    # resident: RECORD
    '''CREATE TABLE "resident" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "resident_home_id" ON "resident" ("home_id")''',
    '''CREATE TRIGGER resident_no_change BEFORE UPDATE OR DELETE ON "resident"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER resident_no_truncate BEFORE TRUNCATE ON "resident"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # allergies: VERSIONED
    '''CREATE TABLE "allergies" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "status" TEXT NOT NULL CHECK (status IN ('recorded', 'none', 'not_recorded')),
    "items" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "allergies_resident_id" ON "allergies" ("resident_id")''',
    '''CREATE INDEX "allergies_resident_id_valid_from" ON "allergies" ("resident_id", "valid_from")''',
    '''CREATE TRIGGER allergies_no_change BEFORE UPDATE OR DELETE ON "allergies"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER allergies_no_truncate BEFORE TRUNCATE ON "allergies"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # label: VERSIONED
    '''CREATE TABLE "label" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "uid" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "place" TEXT NOT NULL CHECK (place IN ('person', 'door', 'folder')),
    "token_hash" TEXT NOT NULL,
    "short_code" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "label_resident_id" ON "label" ("resident_id")''',
    '''CREATE UNIQUE INDEX "label_uid" ON "label" ("uid")''',
    '''CREATE UNIQUE INDEX "label_token_hash" ON "label" ("token_hash")''',
    '''CREATE UNIQUE INDEX "label_short_code" ON "label" ("short_code")''',
    '''CREATE TRIGGER label_no_change BEFORE UPDATE OR DELETE ON "label"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER label_no_truncate BEFORE TRUNCATE ON "label"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # label_end: VERSIONED
    '''CREATE TABLE "label_end" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "label_id" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("label_id") REFERENCES "label" ("id")
)''',
    '''CREATE UNIQUE INDEX "label_end_label_id" ON "label_end" ("label_id")''',
    '''CREATE TRIGGER label_end_no_change BEFORE UPDATE OR DELETE ON "label_end"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER label_end_no_truncate BEFORE TRUNCATE ON "label_end"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # photo: VERSIONED
    '''CREATE TABLE "photo" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "taken_on" TEXT NOT NULL,
    "small" BYTEA NOT NULL,
    "large" BYTEA NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "photo_resident_id" ON "photo" ("resident_id")''',
    '''CREATE INDEX "photo_resident_id_at" ON "photo" ("resident_id", "at")''',
    '''CREATE TRIGGER photo_no_change BEFORE UPDATE OR DELETE ON "photo"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER photo_no_truncate BEFORE TRUNCATE ON "photo"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # resident_version: VERSIONED
    '''CREATE TABLE "resident_version" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "given_name" TEXT NOT NULL,
    "family_name" TEXT NOT NULL,
    "preferred_name" TEXT NOT NULL,
    "born" TEXT NOT NULL,
    "nhs_number" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "gp" TEXT NOT NULL,
    "likes" TEXT NOT NULL,
    "fluid_level" INTEGER,
    "food_level" INTEGER,
    "weight_kg" TEXT,
    "alert" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "resident_version_resident_id" ON "resident_version" ("resident_id")''',
    '''CREATE INDEX "resident_version_resident_id_valid_from" ON "resident_version" ("resident_id", "valid_from")''',
    '''CREATE TRIGGER resident_version_no_change BEFORE UPDATE OR DELETE ON "resident_version"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER resident_version_no_truncate BEFORE TRUNCATE ON "resident_version"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # whereabouts: VERSIONED
    '''CREATE TABLE "whereabouts" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "state" TEXT NOT NULL CHECK (state IN ('home', 'hospital', 'leave', 'discharged', 'died')),
    "expected_back" BIGINT,
    "note" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''CREATE INDEX "whereabouts_resident_id" ON "whereabouts" ("resident_id")''',
    '''CREATE INDEX "whereabouts_resident_id_valid_from" ON "whereabouts" ("resident_id", "valid_from")''',
    '''CREATE TRIGGER whereabouts_no_change BEFORE UPDATE OR DELETE ON "whereabouts"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER whereabouts_no_truncate BEFORE TRUNCATE ON "whereabouts"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
]


def up(migrator, db):
    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(sql)

"""Phones and boards, the codes that enrol them, PINs and sign-in links; the lock of a session."""

from peewee import SqliteDatabase

SQLITE = [
    # device: WORKING
    '''CREATE TABLE "device" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('phone', 'board')),
    "token_hash" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,
    "enrolled_at" INTEGER NOT NULL,
    "invited_by" INTEGER NOT NULL,
    "last_seen" INTEGER,
    "lost_at" INTEGER,
    "lost_by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "device_home_id" ON "device" ("home_id")''',
    '''CREATE UNIQUE INDEX "device_token_hash" ON "device" ("token_hash")''',
    # device_code: WORKING
    '''CREATE TABLE "device_code" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('phone', 'board')),
    "code_hash" TEXT NOT NULL,
    "made_at" INTEGER NOT NULL,
    "made_by" INTEGER NOT NULL,
    "used_at" INTEGER,
    "device_id" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("device_id") REFERENCES "device" ("id")
)''',
    '''CREATE INDEX "device_code_home_id" ON "device_code" ("home_id")''',
    '''CREATE UNIQUE INDEX "device_code_code_hash" ON "device_code" ("code_hash")''',
    '''CREATE INDEX "device_code_device_id" ON "device_code" ("device_id")''',
    # device_person: WORKING
    '''CREATE TABLE "device_person" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "device_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "password_at" INTEGER NOT NULL,
    "last_used" INTEGER NOT NULL,
    "wrong" INTEGER NOT NULL,
    FOREIGN KEY ("device_id") REFERENCES "device" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "device_person_device_id" ON "device_person" ("device_id")''',
    '''CREATE INDEX "device_person_person_id" ON "device_person" ("person_id")''',
    '''CREATE UNIQUE INDEX "device_person_device_id_person_id" ON "device_person" ("device_id", "person_id")''',
    # pin: WORKING
    '''CREATE TABLE "pin" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "person_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE UNIQUE INDEX "pin_person_id" ON "pin" ("person_id")''',
    # sign_in_link: WORKING
    '''CREATE TABLE "sign_in_link" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "home_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "token_hash" TEXT NOT NULL,
    "made_at" INTEGER NOT NULL,
    "made_by" INTEGER NOT NULL,
    "used_at" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "sign_in_link_home_id" ON "sign_in_link" ("home_id")''',
    '''CREATE INDEX "sign_in_link_person_id" ON "sign_in_link" ("person_id")''',
    '''CREATE UNIQUE INDEX "sign_in_link_token_hash" ON "sign_in_link" ("token_hash")''',
    # session: the phone it runs on, and since when it is locked
    '''ALTER TABLE "session" ADD COLUMN "device" INTEGER''',
    '''ALTER TABLE "session" ADD COLUMN "locked_at" INTEGER''',
    '''CREATE INDEX "session_device_ended_at" ON "session" ("device", "ended_at")''',
]

POSTGRES = [
    # device: WORKING
    '''CREATE TABLE "device" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('phone', 'board')),
    "token_hash" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,
    "enrolled_at" BIGINT NOT NULL,
    "invited_by" BIGINT NOT NULL,
    "last_seen" BIGINT,
    "lost_at" BIGINT,
    "lost_by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "device_home_id" ON "device" ("home_id")''',
    '''CREATE UNIQUE INDEX "device_token_hash" ON "device" ("token_hash")''',
    # device_code: WORKING
    '''CREATE TABLE "device_code" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('phone', 'board')),
    "code_hash" TEXT NOT NULL,
    "made_at" BIGINT NOT NULL,
    "made_by" BIGINT NOT NULL,
    "used_at" BIGINT,
    "device_id" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("device_id") REFERENCES "device" ("id")
)''',
    '''CREATE INDEX "device_code_home_id" ON "device_code" ("home_id")''',
    '''CREATE UNIQUE INDEX "device_code_code_hash" ON "device_code" ("code_hash")''',
    '''CREATE INDEX "device_code_device_id" ON "device_code" ("device_id")''',
    # device_person: WORKING
    '''CREATE TABLE "device_person" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "device_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "password_at" BIGINT NOT NULL,
    "last_used" BIGINT NOT NULL,
    "wrong" INTEGER NOT NULL,
    FOREIGN KEY ("device_id") REFERENCES "device" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "device_person_device_id" ON "device_person" ("device_id")''',
    '''CREATE INDEX "device_person_person_id" ON "device_person" ("person_id")''',
    '''CREATE UNIQUE INDEX "device_person_device_id_person_id" ON "device_person" ("device_id", "person_id")''',
    # pin: WORKING
    '''CREATE TABLE "pin" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "person_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE UNIQUE INDEX "pin_person_id" ON "pin" ("person_id")''',
    # sign_in_link: WORKING
    '''CREATE TABLE "sign_in_link" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "home_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "token_hash" TEXT NOT NULL,
    "made_at" BIGINT NOT NULL,
    "made_by" BIGINT NOT NULL,
    "used_at" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "sign_in_link_home_id" ON "sign_in_link" ("home_id")''',
    '''CREATE INDEX "sign_in_link_person_id" ON "sign_in_link" ("person_id")''',
    '''CREATE UNIQUE INDEX "sign_in_link_token_hash" ON "sign_in_link" ("token_hash")''',
    # session: the phone it runs on, and since when it is locked
    '''ALTER TABLE "session" ADD COLUMN "device" BIGINT''',
    '''ALTER TABLE "session" ADD COLUMN "locked_at" BIGINT''',
    '''CREATE INDEX "session_device_ended_at" ON "session" ("device", "ended_at")''',
]


def up(migrator, db):
    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(sql)

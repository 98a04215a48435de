"""How somebody comes to be signed off: evidence, attestations, assessments, supervision, audits.

`skill_grant` gets wider states, and `entry` who supervised a dose and the exception it was given under. SQLite cannot
change a check, so sign-offs are made again and carried over as they are: what was hashed stays what it was. That needs
foreign keys off, which a transaction cannot switch; so this migration opens its own, and does nothing where it is done.
"""

from peewee import SqliteDatabase

atomic = False

SQLITE = [
    # instrument: VERSIONED
    '''CREATE TABLE "instrument" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "instrument_home_id" ON "instrument" ("home_id")''',
    '''CREATE UNIQUE INDEX "instrument_home_id_name_number" ON "instrument" ("home_id", "name", "number")''',
    '''CREATE TRIGGER instrument_no_update BEFORE UPDATE ON "instrument"
BEGIN SELECT RAISE(ABORT, 'instrument is append-only'); END''',
    '''CREATE TRIGGER instrument_no_delete BEFORE DELETE ON "instrument"
BEGIN SELECT RAISE(ABORT, 'instrument is append-only'); END''',
    '''CREATE TRIGGER instrument_no_replace BEFORE INSERT ON "instrument"
WHEN EXISTS (SELECT 1 FROM "instrument" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "instrument" WHERE "home_id" = NEW."home_id" AND "name" = NEW."name" AND "number" = NEW."number")
BEGIN SELECT RAISE(ABORT, 'instrument is append-only'); END''',
    # assessment_request: RECORD
    '''CREATE TABLE "assessment_request" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "request_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "assessment_request_home_id" ON "assessment_request" ("home_id")''',
    '''CREATE UNIQUE INDEX "assessment_request_request_id" ON "assessment_request" ("request_id")''',
    '''CREATE INDEX "assessment_request_person_id" ON "assessment_request" ("person_id")''',
    '''CREATE TRIGGER assessment_request_no_update BEFORE UPDATE ON "assessment_request"
BEGIN SELECT RAISE(ABORT, 'assessment_request is append-only'); END''',
    '''CREATE TRIGGER assessment_request_no_delete BEFORE DELETE ON "assessment_request"
BEGIN SELECT RAISE(ABORT, 'assessment_request is append-only'); END''',
    '''CREATE TRIGGER assessment_request_no_replace BEFORE INSERT ON "assessment_request"
WHEN EXISTS (SELECT 1 FROM "assessment_request" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "assessment_request" WHERE "request_id" = NEW."request_id")
BEGIN SELECT RAISE(ABORT, 'assessment_request is append-only'); END''',
    # booking: RECORD
    '''CREATE TABLE "booking" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "booking_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "resident_id" INTEGER,
    "kind" TEXT NOT NULL CHECK (kind IN ('initial', 'annual', 'return', 'agency')),
    "assessor_id" INTEGER NOT NULL,
    "on_day" TEXT NOT NULL,
    "round_name" TEXT NOT NULL,
    "request_id" INTEGER,
    "note" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("assessor_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("request_id") REFERENCES "assessment_request" ("id"),
    CHECK (person_id <> assessor_id)
)''',
    '''CREATE INDEX "booking_home_id" ON "booking" ("home_id")''',
    '''CREATE UNIQUE INDEX "booking_booking_id" ON "booking" ("booking_id")''',
    '''CREATE INDEX "booking_person_id" ON "booking" ("person_id")''',
    '''CREATE INDEX "booking_home_id_on_day" ON "booking" ("home_id", "on_day")''',
    '''CREATE TRIGGER booking_no_update BEFORE UPDATE ON "booking"
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END''',
    '''CREATE TRIGGER booking_no_delete BEFORE DELETE ON "booking"
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END''',
    '''CREATE TRIGGER booking_no_replace BEFORE INSERT ON "booking"
WHEN EXISTS (SELECT 1 FROM "booking" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "booking" WHERE "booking_id" = NEW."booking_id")
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END''',
    # assessment: RECORD
    '''CREATE TABLE "assessment" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "assessment_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('initial', 'annual', 'return', 'agency')),
    "skills" TEXT NOT NULL,
    "instrument_id" INTEGER NOT NULL,
    "booking_id" INTEGER,
    "assessor_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("instrument_id") REFERENCES "instrument" ("id"),
    FOREIGN KEY ("booking_id") REFERENCES "booking" ("id"),
    FOREIGN KEY ("assessor_id") REFERENCES "person" ("id"),
    CHECK (person_id <> assessor_id)
)''',
    '''CREATE INDEX "assessment_home_id" ON "assessment" ("home_id")''',
    '''CREATE UNIQUE INDEX "assessment_assessment_id" ON "assessment" ("assessment_id")''',
    '''CREATE INDEX "assessment_person_id" ON "assessment" ("person_id")''',
    '''CREATE INDEX "assessment_instrument_id" ON "assessment" ("instrument_id")''',
    '''CREATE INDEX "assessment_home_id_person_id" ON "assessment" ("home_id", "person_id")''',
    '''CREATE TRIGGER assessment_no_update BEFORE UPDATE ON "assessment"
BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END''',
    '''CREATE TRIGGER assessment_no_delete BEFORE DELETE ON "assessment"
BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END''',
    '''CREATE TRIGGER assessment_no_replace BEFORE INSERT ON "assessment"
WHEN EXISTS (SELECT 1 FROM "assessment" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "assessment" WHERE "assessment_id" = NEW."assessment_id")
BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END''',
    # assessment_outcome: RECORD
    '''CREATE TABLE "assessment_outcome" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "assessment_id" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL CHECK (outcome IN ('competent', 'development_needed', 'not_competent', 'abandoned')),
    "words" TEXT NOT NULL,
    "valid_until" INTEGER,
    "proven_at" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("assessment_id") REFERENCES "assessment" ("id")
)''',
    '''CREATE UNIQUE INDEX "assessment_outcome_assessment_id" ON "assessment_outcome" ("assessment_id")''',
    '''CREATE TRIGGER assessment_outcome_no_update BEFORE UPDATE ON "assessment_outcome"
BEGIN SELECT RAISE(ABORT, 'assessment_outcome is append-only'); END''',
    '''CREATE TRIGGER assessment_outcome_no_delete BEFORE DELETE ON "assessment_outcome"
BEGIN SELECT RAISE(ABORT, 'assessment_outcome is append-only'); END''',
    '''CREATE TRIGGER assessment_outcome_no_replace BEFORE INSERT ON "assessment_outcome"
WHEN EXISTS (SELECT 1 FROM "assessment_outcome" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "assessment_outcome" WHERE "assessment_id" = NEW."assessment_id")
BEGIN SELECT RAISE(ABORT, 'assessment_outcome is append-only'); END''',
    # assessment_part: RECORD
    '''CREATE TABLE "assessment_part" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "assessment_id" INTEGER NOT NULL,
    "part_id" TEXT NOT NULL,
    "part" TEXT NOT NULL CHECK (part IN ('knowledge', 'shadow', 'scenario', 'reflection')),
    "score" INTEGER,
    "out_of" INTEGER,
    "passed" INTEGER,
    "answers" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "on_day" TEXT,
    "round_name" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("assessment_id") REFERENCES "assessment" ("id"),
    CHECK (score IS NULL OR (out_of > 0 AND score BETWEEN 0 AND out_of))
)''',
    '''CREATE INDEX "assessment_part_assessment_id" ON "assessment_part" ("assessment_id")''',
    '''CREATE UNIQUE INDEX "assessment_part_part_id" ON "assessment_part" ("part_id")''',
    '''CREATE TRIGGER assessment_part_no_update BEFORE UPDATE ON "assessment_part"
BEGIN SELECT RAISE(ABORT, 'assessment_part is append-only'); END''',
    '''CREATE TRIGGER assessment_part_no_delete BEFORE DELETE ON "assessment_part"
BEGIN SELECT RAISE(ABORT, 'assessment_part is append-only'); END''',
    '''CREATE TRIGGER assessment_part_no_replace BEFORE INSERT ON "assessment_part"
WHEN EXISTS (SELECT 1 FROM "assessment_part" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "assessment_part" WHERE "part_id" = NEW."part_id")
BEGIN SELECT RAISE(ABORT, 'assessment_part is append-only'); END''',
    # evidence_file: RECORD
    '''CREATE TABLE "evidence_file" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('pdf', 'jpeg', 'png', 'webp')),
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "content" BLOB NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "evidence_file_home_id" ON "evidence_file" ("home_id")''',
    '''CREATE TRIGGER evidence_file_no_update BEFORE UPDATE ON "evidence_file"
BEGIN SELECT RAISE(ABORT, 'evidence_file is append-only'); END''',
    '''CREATE TRIGGER evidence_file_no_delete BEFORE DELETE ON "evidence_file"
BEGIN SELECT RAISE(ABORT, 'evidence_file is append-only'); END''',
    '''CREATE TRIGGER evidence_file_no_replace BEFORE INSERT ON "evidence_file"
WHEN EXISTS (SELECT 1 FROM "evidence_file" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'evidence_file is append-only'); END''',
    # attestation: RECORD
    '''CREATE TABLE "attestation" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "professional" TEXT NOT NULL,
    "register" TEXT NOT NULL CHECK (register IN ('NMC', 'HCPC', 'GMC', 'GPhC')),
    "register_number" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "consent" TEXT NOT NULL CHECK (consent IN ('consents', 'best_interests')),
    "stop_conditions" TEXT NOT NULL,
    "assessed_on" TEXT NOT NULL,
    "review_on" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "letter_id" INTEGER,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("letter_id") REFERENCES "evidence_file" ("id")
)''',
    '''CREATE INDEX "attestation_home_id" ON "attestation" ("home_id")''',
    '''CREATE INDEX "attestation_person_id" ON "attestation" ("person_id")''',
    '''CREATE INDEX "attestation_resident_id" ON "attestation" ("resident_id")''',
    '''CREATE INDEX "attestation_letter_id" ON "attestation" ("letter_id")''',
    '''CREATE INDEX "attestation_home_id_person_id" ON "attestation" ("home_id", "person_id")''',
    '''CREATE TRIGGER attestation_no_update BEFORE UPDATE ON "attestation"
BEGIN SELECT RAISE(ABORT, 'attestation is append-only'); END''',
    '''CREATE TRIGGER attestation_no_delete BEFORE DELETE ON "attestation"
BEGIN SELECT RAISE(ABORT, 'attestation is append-only'); END''',
    '''CREATE TRIGGER attestation_no_replace BEFORE INSERT ON "attestation"
WHEN EXISTS (SELECT 1 FROM "attestation" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'attestation is append-only'); END''',
    # attestation_end: RECORD
    '''CREATE TABLE "attestation_end" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "attestation_id" INTEGER NOT NULL,
    "withdrawn_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("attestation_id") REFERENCES "attestation" ("id")
)''',
    '''CREATE UNIQUE INDEX "attestation_end_attestation_id" ON "attestation_end" ("attestation_id")''',
    '''CREATE TRIGGER attestation_end_no_update BEFORE UPDATE ON "attestation_end"
BEGIN SELECT RAISE(ABORT, 'attestation_end is append-only'); END''',
    '''CREATE TRIGGER attestation_end_no_delete BEFORE DELETE ON "attestation_end"
BEGIN SELECT RAISE(ABORT, 'attestation_end is append-only'); END''',
    '''CREATE TRIGGER attestation_end_no_replace BEFORE INSERT ON "attestation_end"
WHEN EXISTS (SELECT 1 FROM "attestation_end" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "attestation_end" WHERE "attestation_id" = NEW."attestation_id")
BEGIN SELECT RAISE(ABORT, 'attestation_end is append-only'); END''',
    # competency_audit: RECORD
    '''CREATE TABLE "competency_audit" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "quarter" TEXT NOT NULL,
    "figures" TEXT NOT NULL,
    "exceptions" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "amends_id" INTEGER,
    "proven_at" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("amends_id") REFERENCES "competency_audit" ("id")
)''',
    '''CREATE INDEX "competency_audit_home_id" ON "competency_audit" ("home_id")''',
    '''CREATE INDEX "competency_audit_amends_id" ON "competency_audit" ("amends_id")''',
    '''CREATE INDEX "competency_audit_home_id_quarter" ON "competency_audit" ("home_id", "quarter")''',
    '''CREATE TRIGGER competency_audit_no_update BEFORE UPDATE ON "competency_audit"
BEGIN SELECT RAISE(ABORT, 'competency_audit is append-only'); END''',
    '''CREATE TRIGGER competency_audit_no_delete BEFORE DELETE ON "competency_audit"
BEGIN SELECT RAISE(ABORT, 'competency_audit is append-only'); END''',
    '''CREATE TRIGGER competency_audit_no_replace BEFORE INSERT ON "competency_audit"
WHEN EXISTS (SELECT 1 FROM "competency_audit" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'competency_audit is append-only'); END''',
    # audit_finding: RECORD
    '''CREATE TABLE "audit_finding" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "audit_id" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "due_on" TEXT NOT NULL,
    "about" TEXT,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("audit_id") REFERENCES "competency_audit" ("id"),
    FOREIGN KEY ("owner_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "audit_finding_audit_id" ON "audit_finding" ("audit_id")''',
    '''CREATE TRIGGER audit_finding_no_update BEFORE UPDATE ON "audit_finding"
BEGIN SELECT RAISE(ABORT, 'audit_finding is append-only'); END''',
    '''CREATE TRIGGER audit_finding_no_delete BEFORE DELETE ON "audit_finding"
BEGIN SELECT RAISE(ABORT, 'audit_finding is append-only'); END''',
    '''CREATE TRIGGER audit_finding_no_replace BEFORE INSERT ON "audit_finding"
WHEN EXISTS (SELECT 1 FROM "audit_finding" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'audit_finding is append-only'); END''',
    # audit_finding_done: RECORD
    '''CREATE TABLE "audit_finding_done" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "finding_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("finding_id") REFERENCES "audit_finding" ("id")
)''',
    '''CREATE UNIQUE INDEX "audit_finding_done_finding_id" ON "audit_finding_done" ("finding_id")''',
    '''CREATE TRIGGER audit_finding_done_no_update BEFORE UPDATE ON "audit_finding_done"
BEGIN SELECT RAISE(ABORT, 'audit_finding_done is append-only'); END''',
    '''CREATE TRIGGER audit_finding_done_no_delete BEFORE DELETE ON "audit_finding_done"
BEGIN SELECT RAISE(ABORT, 'audit_finding_done is append-only'); END''',
    '''CREATE TRIGGER audit_finding_done_no_replace BEFORE INSERT ON "audit_finding_done"
WHEN EXISTS (SELECT 1 FROM "audit_finding_done" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "audit_finding_done" WHERE "finding_id" = NEW."finding_id")
BEGIN SELECT RAISE(ABORT, 'audit_finding_done is append-only'); END''',
    # booking_end: RECORD
    '''CREATE TABLE "booking_end" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "booking_id" INTEGER NOT NULL,
    "how" TEXT NOT NULL CHECK (how IN ('held', 'missed', 'cancelled', 'moved')),
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("booking_id") REFERENCES "booking" ("id")
)''',
    '''CREATE UNIQUE INDEX "booking_end_booking_id" ON "booking_end" ("booking_id")''',
    '''CREATE TRIGGER booking_end_no_update BEFORE UPDATE ON "booking_end"
BEGIN SELECT RAISE(ABORT, 'booking_end is append-only'); END''',
    '''CREATE TRIGGER booking_end_no_delete BEFORE DELETE ON "booking_end"
BEGIN SELECT RAISE(ABORT, 'booking_end is append-only'); END''',
    '''CREATE TRIGGER booking_end_no_replace BEFORE INSERT ON "booking_end"
WHEN EXISTS (SELECT 1 FROM "booking_end" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "booking_end" WHERE "booking_id" = NEW."booking_id")
BEGIN SELECT RAISE(ABORT, 'booking_end is append-only'); END''',
    # break_glass: RECORD
    '''CREATE TABLE "break_glass" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "round_name" TEXT NOT NULL,
    "starts_at" INTEGER NOT NULL,
    "ends_at" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    CHECK (starts_at < ends_at),
    CHECK (person_id <> "by")
)''',
    '''CREATE INDEX "break_glass_home_id" ON "break_glass" ("home_id")''',
    '''CREATE INDEX "break_glass_person_id" ON "break_glass" ("person_id")''',
    '''CREATE INDEX "break_glass_home_id_person_id_starts_at" ON "break_glass" ("home_id", "person_id", "starts_at")''',
    '''CREATE TRIGGER break_glass_no_update BEFORE UPDATE ON "break_glass"
BEGIN SELECT RAISE(ABORT, 'break_glass is append-only'); END''',
    '''CREATE TRIGGER break_glass_no_delete BEFORE DELETE ON "break_glass"
BEGIN SELECT RAISE(ABORT, 'break_glass is append-only'); END''',
    '''CREATE TRIGGER break_glass_no_replace BEFORE INSERT ON "break_glass"
WHEN EXISTS (SELECT 1 FROM "break_glass" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'break_glass is append-only'); END''',
    # break_glass_seen: RECORD
    '''CREATE TABLE "break_glass_seen" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "break_glass_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("break_glass_id") REFERENCES "break_glass" ("id")
)''',
    '''CREATE UNIQUE INDEX "break_glass_seen_break_glass_id" ON "break_glass_seen" ("break_glass_id")''',
    '''CREATE TRIGGER break_glass_seen_no_update BEFORE UPDATE ON "break_glass_seen"
BEGIN SELECT RAISE(ABORT, 'break_glass_seen is append-only'); END''',
    '''CREATE TRIGGER break_glass_seen_no_delete BEFORE DELETE ON "break_glass_seen"
BEGIN SELECT RAISE(ABORT, 'break_glass_seen is append-only'); END''',
    '''CREATE TRIGGER break_glass_seen_no_replace BEFORE INSERT ON "break_glass_seen"
WHEN EXISTS (SELECT 1 FROM "break_glass_seen" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "break_glass_seen" WHERE "break_glass_id" = NEW."break_glass_id")
BEGIN SELECT RAISE(ABORT, 'break_glass_seen is append-only'); END''',
    # certificate: RECORD
    '''CREATE TABLE "certificate" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "certificate_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "course" TEXT NOT NULL,
    "taken_on" TEXT NOT NULL,
    "expires_on" TEXT,
    "from_whom" TEXT NOT NULL,
    "paper_id" INTEGER,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("paper_id") REFERENCES "evidence_file" ("id")
)''',
    '''CREATE INDEX "certificate_home_id" ON "certificate" ("home_id")''',
    '''CREATE UNIQUE INDEX "certificate_certificate_id" ON "certificate" ("certificate_id")''',
    '''CREATE INDEX "certificate_person_id" ON "certificate" ("person_id")''',
    '''CREATE INDEX "certificate_home_id_person_id" ON "certificate" ("home_id", "person_id")''',
    '''CREATE TRIGGER certificate_no_update BEFORE UPDATE ON "certificate"
BEGIN SELECT RAISE(ABORT, 'certificate is append-only'); END''',
    '''CREATE TRIGGER certificate_no_delete BEFORE DELETE ON "certificate"
BEGIN SELECT RAISE(ABORT, 'certificate is append-only'); END''',
    '''CREATE TRIGGER certificate_no_replace BEFORE INSERT ON "certificate"
WHEN EXISTS (SELECT 1 FROM "certificate" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "certificate" WHERE "certificate_id" = NEW."certificate_id")
BEGIN SELECT RAISE(ABORT, 'certificate is append-only'); END''',
    # course: VERSIONED
    '''CREATE TABLE "course" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "months" INTEGER,
    "roles" TEXT NOT NULL,
    "retired" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "course_home_id" ON "course" ("home_id")''',
    '''CREATE INDEX "course_home_id_code_valid_from" ON "course" ("home_id", "code", "valid_from")''',
    '''CREATE TRIGGER course_no_update BEFORE UPDATE ON "course"
BEGIN SELECT RAISE(ABORT, 'course is append-only'); END''',
    '''CREATE TRIGGER course_no_delete BEFORE DELETE ON "course"
BEGIN SELECT RAISE(ABORT, 'course is append-only'); END''',
    '''CREATE TRIGGER course_no_replace BEFORE INSERT ON "course"
WHEN EXISTS (SELECT 1 FROM "course" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'course is append-only'); END''',
    # induction: RECORD
    '''CREATE TABLE "induction" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "induction_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "agency" TEXT NOT NULL,
    "agency_contact" TEXT NOT NULL,
    "items" TEXT NOT NULL,
    "paper_id" INTEGER,
    "paper_expires_on" TEXT,
    "access_ends_at" INTEGER,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("paper_id") REFERENCES "evidence_file" ("id")
)''',
    '''CREATE INDEX "induction_home_id" ON "induction" ("home_id")''',
    '''CREATE UNIQUE INDEX "induction_induction_id" ON "induction" ("induction_id")''',
    '''CREATE INDEX "induction_person_id" ON "induction" ("person_id")''',
    '''CREATE TRIGGER induction_no_update BEFORE UPDATE ON "induction"
BEGIN SELECT RAISE(ABORT, 'induction is append-only'); END''',
    '''CREATE TRIGGER induction_no_delete BEFORE DELETE ON "induction"
BEGIN SELECT RAISE(ABORT, 'induction is append-only'); END''',
    '''CREATE TRIGGER induction_no_replace BEFORE INSERT ON "induction"
WHEN EXISTS (SELECT 1 FROM "induction" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "induction" WHERE "induction_id" = NEW."induction_id")
BEGIN SELECT RAISE(ABORT, 'induction is append-only'); END''',
    # observation: RECORD
    '''CREATE TABLE "observation" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "assessment_id" INTEGER NOT NULL,
    "observation_id" TEXT NOT NULL,
    "round_name" TEXT NOT NULL,
    "begun_at" INTEGER NOT NULL,
    "assessor_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("assessment_id") REFERENCES "assessment" ("id"),
    FOREIGN KEY ("assessor_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "observation_assessment_id" ON "observation" ("assessment_id")''',
    '''CREATE UNIQUE INDEX "observation_observation_id" ON "observation" ("observation_id")''',
    '''CREATE TRIGGER observation_no_update BEFORE UPDATE ON "observation"
BEGIN SELECT RAISE(ABORT, 'observation is append-only'); END''',
    '''CREATE TRIGGER observation_no_delete BEFORE DELETE ON "observation"
BEGIN SELECT RAISE(ABORT, 'observation is append-only'); END''',
    '''CREATE TRIGGER observation_no_replace BEFORE INSERT ON "observation"
WHEN EXISTS (SELECT 1 FROM "observation" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "observation" WHERE "observation_id" = NEW."observation_id")
BEGIN SELECT RAISE(ABORT, 'observation is append-only'); END''',
    # observation_draft: WORKING
    '''CREATE TABLE "observation_draft" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "observation_id" INTEGER NOT NULL,
    "marks" TEXT NOT NULL,
    "comments" TEXT NOT NULL,
    "touched_at" INTEGER NOT NULL,
    FOREIGN KEY ("observation_id") REFERENCES "observation" ("id")
)''',
    '''CREATE UNIQUE INDEX "observation_draft_observation_id" ON "observation_draft" ("observation_id")''',
    # observation_result: RECORD
    '''CREATE TABLE "observation_result" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "observation_id" INTEGER NOT NULL,
    "ended_at" INTEGER NOT NULL,
    "marks" TEXT NOT NULL,
    "comments" TEXT NOT NULL,
    "doses" TEXT NOT NULL,
    "passed" INTEGER NOT NULL,
    "abandoned" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("observation_id") REFERENCES "observation" ("id")
)''',
    '''CREATE UNIQUE INDEX "observation_result_observation_id" ON "observation_result" ("observation_id")''',
    '''CREATE TRIGGER observation_result_no_update BEFORE UPDATE ON "observation_result"
BEGIN SELECT RAISE(ABORT, 'observation_result is append-only'); END''',
    '''CREATE TRIGGER observation_result_no_delete BEFORE DELETE ON "observation_result"
BEGIN SELECT RAISE(ABORT, 'observation_result is append-only'); END''',
    '''CREATE TRIGGER observation_result_no_replace BEFORE INSERT ON "observation_result"
WHEN EXISTS (SELECT 1 FROM "observation_result" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "observation_result" WHERE "observation_id" = NEW."observation_id")
BEGIN SELECT RAISE(ABORT, 'observation_result is append-only'); END''',
    # observation_sign: RECORD
    '''CREATE TABLE "observation_sign" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "result_id" INTEGER NOT NULL,
    "meaning" TEXT NOT NULL CHECK (meaning IN ('observed', 'was_observed')),
    "words" TEXT NOT NULL,
    "proven_at" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("result_id") REFERENCES "observation_result" ("id")
)''',
    '''CREATE UNIQUE INDEX "observation_sign_result_id_meaning" ON "observation_sign" ("result_id", "meaning")''',
    '''CREATE UNIQUE INDEX "observation_sign_result_id_by" ON "observation_sign" ("result_id", "by")''',
    '''CREATE TRIGGER observation_sign_no_update BEFORE UPDATE ON "observation_sign"
BEGIN SELECT RAISE(ABORT, 'observation_sign is append-only'); END''',
    '''CREATE TRIGGER observation_sign_no_delete BEFORE DELETE ON "observation_sign"
BEGIN SELECT RAISE(ABORT, 'observation_sign is append-only'); END''',
    '''CREATE TRIGGER observation_sign_no_replace BEFORE INSERT ON "observation_sign"
WHEN EXISTS (SELECT 1 FROM "observation_sign" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "observation_sign" WHERE "result_id" = NEW."result_id" AND "meaning" = NEW."meaning")
    OR EXISTS (SELECT 1 FROM "observation_sign" WHERE "result_id" = NEW."result_id" AND "by" = NEW."by")
BEGIN SELECT RAISE(ABORT, 'observation_sign is append-only'); END''',
    # skill_setting: VERSIONED
    '''CREATE TABLE "skill_setting" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "months" INTEGER NOT NULL CHECK (months BETWEEN 1 AND 36),
    "roles" TEXT NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "skill_setting_home_id" ON "skill_setting" ("home_id")''',
    '''CREATE INDEX "skill_setting_home_id_skill_valid_from" ON "skill_setting" ("home_id", "skill", "valid_from")''',
    '''CREATE TRIGGER skill_setting_no_update BEFORE UPDATE ON "skill_setting"
BEGIN SELECT RAISE(ABORT, 'skill_setting is append-only'); END''',
    '''CREATE TRIGGER skill_setting_no_delete BEFORE DELETE ON "skill_setting"
BEGIN SELECT RAISE(ABORT, 'skill_setting is append-only'); END''',
    '''CREATE TRIGGER skill_setting_no_replace BEFORE INSERT ON "skill_setting"
WHEN EXISTS (SELECT 1 FROM "skill_setting" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'skill_setting is append-only'); END''',
    # supervision_note: RECORD
    '''CREATE TABLE "supervision_note" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "note_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "supervisor_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('scheduled', 'reflective', 'observation', 'return_to_work', 'appraisal')),
    "held_on" TEXT NOT NULL,
    "agenda" TEXT NOT NULL,
    "said" TEXT NOT NULL,
    "level" TEXT NOT NULL CHECK (level IN ('file', 'managers', 'private')),
    "next_on" TEXT,
    "amends_id" INTEGER,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("supervisor_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("amends_id") REFERENCES "supervision_note" ("id"),
    CHECK (person_id <> supervisor_id)
)''',
    '''CREATE INDEX "supervision_note_home_id" ON "supervision_note" ("home_id")''',
    '''CREATE UNIQUE INDEX "supervision_note_note_id" ON "supervision_note" ("note_id")''',
    '''CREATE INDEX "supervision_note_person_id" ON "supervision_note" ("person_id")''',
    '''CREATE INDEX "supervision_note_amends_id" ON "supervision_note" ("amends_id")''',
    '''CREATE INDEX "supervision_note_home_id_person_id_held_on" ON "supervision_note" ("home_id", "person_id", "held_on")''',
    '''CREATE TRIGGER supervision_note_no_update BEFORE UPDATE ON "supervision_note"
BEGIN SELECT RAISE(ABORT, 'supervision_note is append-only'); END''',
    '''CREATE TRIGGER supervision_note_no_delete BEFORE DELETE ON "supervision_note"
BEGIN SELECT RAISE(ABORT, 'supervision_note is append-only'); END''',
    '''CREATE TRIGGER supervision_note_no_replace BEFORE INSERT ON "supervision_note"
WHEN EXISTS (SELECT 1 FROM "supervision_note" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "supervision_note" WHERE "note_id" = NEW."note_id")
BEGIN SELECT RAISE(ABORT, 'supervision_note is append-only'); END''',
    # supervision_action: RECORD
    '''CREATE TABLE "supervision_action" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "note_id" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "due_on" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    FOREIGN KEY ("note_id") REFERENCES "supervision_note" ("id"),
    FOREIGN KEY ("owner_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "supervision_action_note_id" ON "supervision_action" ("note_id")''',
    '''CREATE TRIGGER supervision_action_no_update BEFORE UPDATE ON "supervision_action"
BEGIN SELECT RAISE(ABORT, 'supervision_action is append-only'); END''',
    '''CREATE TRIGGER supervision_action_no_delete BEFORE DELETE ON "supervision_action"
BEGIN SELECT RAISE(ABORT, 'supervision_action is append-only'); END''',
    '''CREATE TRIGGER supervision_action_no_replace BEFORE INSERT ON "supervision_action"
WHEN EXISTS (SELECT 1 FROM "supervision_action" WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'supervision_action is append-only'); END''',
    # supervision_action_done: RECORD
    '''CREATE TABLE "supervision_action_done" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "action_id" INTEGER NOT NULL,
    "how" TEXT NOT NULL CHECK (how IN ('done', 'let_go')),
    "words" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("action_id") REFERENCES "supervision_action" ("id")
)''',
    '''CREATE UNIQUE INDEX "supervision_action_done_action_id" ON "supervision_action_done" ("action_id")''',
    '''CREATE TRIGGER supervision_action_done_no_update BEFORE UPDATE ON "supervision_action_done"
BEGIN SELECT RAISE(ABORT, 'supervision_action_done is append-only'); END''',
    '''CREATE TRIGGER supervision_action_done_no_delete BEFORE DELETE ON "supervision_action_done"
BEGIN SELECT RAISE(ABORT, 'supervision_action_done is append-only'); END''',
    '''CREATE TRIGGER supervision_action_done_no_replace BEFORE INSERT ON "supervision_action_done"
WHEN EXISTS (SELECT 1 FROM "supervision_action_done" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "supervision_action_done" WHERE "action_id" = NEW."action_id")
BEGIN SELECT RAISE(ABORT, 'supervision_action_done is append-only'); END''',
    # supervision_sign: RECORD
    '''CREATE TABLE "supervision_sign" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "note_id" INTEGER NOT NULL,
    "meaning" TEXT NOT NULL CHECK (meaning IN ('supervised', 'was_supervised')),
    "words" TEXT NOT NULL,
    "proven_at" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER NOT NULL,
    FOREIGN KEY ("note_id") REFERENCES "supervision_note" ("id")
)''',
    '''CREATE UNIQUE INDEX "supervision_sign_note_id_meaning" ON "supervision_sign" ("note_id", "meaning")''',
    '''CREATE UNIQUE INDEX "supervision_sign_note_id_by" ON "supervision_sign" ("note_id", "by")''',
    '''CREATE TRIGGER supervision_sign_no_update BEFORE UPDATE ON "supervision_sign"
BEGIN SELECT RAISE(ABORT, 'supervision_sign is append-only'); END''',
    '''CREATE TRIGGER supervision_sign_no_delete BEFORE DELETE ON "supervision_sign"
BEGIN SELECT RAISE(ABORT, 'supervision_sign is append-only'); END''',
    '''CREATE TRIGGER supervision_sign_no_replace BEFORE INSERT ON "supervision_sign"
WHEN EXISTS (SELECT 1 FROM "supervision_sign" WHERE "id" = NEW."id")
    OR EXISTS (SELECT 1 FROM "supervision_sign" WHERE "note_id" = NEW."note_id" AND "meaning" = NEW."meaning")
    OR EXISTS (SELECT 1 FROM "supervision_sign" WHERE "note_id" = NEW."note_id" AND "by" = NEW."by")
BEGIN SELECT RAISE(ABORT, 'supervision_sign is append-only'); END''',
]

POSTGRES = [
    # instrument: VERSIONED
    '''CREATE TABLE "instrument" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "instrument_home_id" ON "instrument" ("home_id")''',
    '''CREATE UNIQUE INDEX "instrument_home_id_name_number" ON "instrument" ("home_id", "name", "number")''',
    '''CREATE TRIGGER instrument_no_change BEFORE UPDATE OR DELETE ON "instrument"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER instrument_no_truncate BEFORE TRUNCATE ON "instrument"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # assessment_request: RECORD
    '''CREATE TABLE "assessment_request" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "request_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "assessment_request_home_id" ON "assessment_request" ("home_id")''',
    '''CREATE UNIQUE INDEX "assessment_request_request_id" ON "assessment_request" ("request_id")''',
    '''CREATE INDEX "assessment_request_person_id" ON "assessment_request" ("person_id")''',
    '''CREATE TRIGGER assessment_request_no_change BEFORE UPDATE OR DELETE ON "assessment_request"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER assessment_request_no_truncate BEFORE TRUNCATE ON "assessment_request"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # booking: RECORD
    '''CREATE TABLE "booking" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "booking_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "resident_id" INTEGER,
    "kind" TEXT NOT NULL CHECK (kind IN ('initial', 'annual', 'return', 'agency')),
    "assessor_id" INTEGER NOT NULL,
    "on_day" TEXT NOT NULL,
    "round_name" TEXT NOT NULL,
    "request_id" INTEGER,
    "note" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("assessor_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("request_id") REFERENCES "assessment_request" ("id"),
    CHECK (person_id <> assessor_id)
)''',
    '''CREATE INDEX "booking_home_id" ON "booking" ("home_id")''',
    '''CREATE UNIQUE INDEX "booking_booking_id" ON "booking" ("booking_id")''',
    '''CREATE INDEX "booking_person_id" ON "booking" ("person_id")''',
    '''CREATE INDEX "booking_home_id_on_day" ON "booking" ("home_id", "on_day")''',
    '''CREATE TRIGGER booking_no_change BEFORE UPDATE OR DELETE ON "booking"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER booking_no_truncate BEFORE TRUNCATE ON "booking"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # assessment: RECORD
    '''CREATE TABLE "assessment" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "assessment_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('initial', 'annual', 'return', 'agency')),
    "skills" TEXT NOT NULL,
    "instrument_id" INTEGER NOT NULL,
    "booking_id" INTEGER,
    "assessor_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("instrument_id") REFERENCES "instrument" ("id"),
    FOREIGN KEY ("booking_id") REFERENCES "booking" ("id"),
    FOREIGN KEY ("assessor_id") REFERENCES "person" ("id"),
    CHECK (person_id <> assessor_id)
)''',
    '''CREATE INDEX "assessment_home_id" ON "assessment" ("home_id")''',
    '''CREATE UNIQUE INDEX "assessment_assessment_id" ON "assessment" ("assessment_id")''',
    '''CREATE INDEX "assessment_person_id" ON "assessment" ("person_id")''',
    '''CREATE INDEX "assessment_instrument_id" ON "assessment" ("instrument_id")''',
    '''CREATE INDEX "assessment_home_id_person_id" ON "assessment" ("home_id", "person_id")''',
    '''CREATE TRIGGER assessment_no_change BEFORE UPDATE OR DELETE ON "assessment"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER assessment_no_truncate BEFORE TRUNCATE ON "assessment"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # assessment_outcome: RECORD
    '''CREATE TABLE "assessment_outcome" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "assessment_id" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL CHECK (outcome IN ('competent', 'development_needed', 'not_competent', 'abandoned')),
    "words" TEXT NOT NULL,
    "valid_until" BIGINT,
    "proven_at" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("assessment_id") REFERENCES "assessment" ("id")
)''',
    '''CREATE UNIQUE INDEX "assessment_outcome_assessment_id" ON "assessment_outcome" ("assessment_id")''',
    '''CREATE TRIGGER assessment_outcome_no_change BEFORE UPDATE OR DELETE ON "assessment_outcome"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER assessment_outcome_no_truncate BEFORE TRUNCATE ON "assessment_outcome"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # assessment_part: RECORD
    '''CREATE TABLE "assessment_part" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "assessment_id" INTEGER NOT NULL,
    "part_id" TEXT NOT NULL,
    "part" TEXT NOT NULL CHECK (part IN ('knowledge', 'shadow', 'scenario', 'reflection')),
    "score" INTEGER,
    "out_of" INTEGER,
    "passed" BOOLEAN,
    "answers" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "on_day" TEXT,
    "round_name" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("assessment_id") REFERENCES "assessment" ("id"),
    CHECK (score IS NULL OR (out_of > 0 AND score BETWEEN 0 AND out_of))
)''',
    '''CREATE INDEX "assessment_part_assessment_id" ON "assessment_part" ("assessment_id")''',
    '''CREATE UNIQUE INDEX "assessment_part_part_id" ON "assessment_part" ("part_id")''',
    '''CREATE TRIGGER assessment_part_no_change BEFORE UPDATE OR DELETE ON "assessment_part"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER assessment_part_no_truncate BEFORE TRUNCATE ON "assessment_part"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # evidence_file: RECORD
    '''CREATE TABLE "evidence_file" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('pdf', 'jpeg', 'png', 'webp')),
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "evidence_file_home_id" ON "evidence_file" ("home_id")''',
    '''CREATE TRIGGER evidence_file_no_change BEFORE UPDATE OR DELETE ON "evidence_file"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER evidence_file_no_truncate BEFORE TRUNCATE ON "evidence_file"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # attestation: RECORD
    '''CREATE TABLE "attestation" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "resident_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "professional" TEXT NOT NULL,
    "register" TEXT NOT NULL CHECK (register IN ('NMC', 'HCPC', 'GMC', 'GPhC')),
    "register_number" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "consent" TEXT NOT NULL CHECK (consent IN ('consents', 'best_interests')),
    "stop_conditions" TEXT NOT NULL,
    "assessed_on" TEXT NOT NULL,
    "review_on" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "letter_id" INTEGER,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id"),
    FOREIGN KEY ("letter_id") REFERENCES "evidence_file" ("id")
)''',
    '''CREATE INDEX "attestation_home_id" ON "attestation" ("home_id")''',
    '''CREATE INDEX "attestation_person_id" ON "attestation" ("person_id")''',
    '''CREATE INDEX "attestation_resident_id" ON "attestation" ("resident_id")''',
    '''CREATE INDEX "attestation_letter_id" ON "attestation" ("letter_id")''',
    '''CREATE INDEX "attestation_home_id_person_id" ON "attestation" ("home_id", "person_id")''',
    '''CREATE TRIGGER attestation_no_change BEFORE UPDATE OR DELETE ON "attestation"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER attestation_no_truncate BEFORE TRUNCATE ON "attestation"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # attestation_end: RECORD
    '''CREATE TABLE "attestation_end" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "attestation_id" INTEGER NOT NULL,
    "withdrawn_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("attestation_id") REFERENCES "attestation" ("id")
)''',
    '''CREATE UNIQUE INDEX "attestation_end_attestation_id" ON "attestation_end" ("attestation_id")''',
    '''CREATE TRIGGER attestation_end_no_change BEFORE UPDATE OR DELETE ON "attestation_end"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER attestation_end_no_truncate BEFORE TRUNCATE ON "attestation_end"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # competency_audit: RECORD
    '''CREATE TABLE "competency_audit" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "quarter" TEXT NOT NULL,
    "figures" TEXT NOT NULL,
    "exceptions" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "amends_id" INTEGER,
    "proven_at" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("amends_id") REFERENCES "competency_audit" ("id")
)''',
    '''CREATE INDEX "competency_audit_home_id" ON "competency_audit" ("home_id")''',
    '''CREATE INDEX "competency_audit_amends_id" ON "competency_audit" ("amends_id")''',
    '''CREATE INDEX "competency_audit_home_id_quarter" ON "competency_audit" ("home_id", "quarter")''',
    '''CREATE TRIGGER competency_audit_no_change BEFORE UPDATE OR DELETE ON "competency_audit"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER competency_audit_no_truncate BEFORE TRUNCATE ON "competency_audit"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # audit_finding: RECORD
    '''CREATE TABLE "audit_finding" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "audit_id" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "due_on" TEXT NOT NULL,
    "about" TEXT,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("audit_id") REFERENCES "competency_audit" ("id"),
    FOREIGN KEY ("owner_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "audit_finding_audit_id" ON "audit_finding" ("audit_id")''',
    '''CREATE TRIGGER audit_finding_no_change BEFORE UPDATE OR DELETE ON "audit_finding"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER audit_finding_no_truncate BEFORE TRUNCATE ON "audit_finding"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # audit_finding_done: RECORD
    '''CREATE TABLE "audit_finding_done" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "finding_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("finding_id") REFERENCES "audit_finding" ("id")
)''',
    '''CREATE UNIQUE INDEX "audit_finding_done_finding_id" ON "audit_finding_done" ("finding_id")''',
    '''CREATE TRIGGER audit_finding_done_no_change BEFORE UPDATE OR DELETE ON "audit_finding_done"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER audit_finding_done_no_truncate BEFORE TRUNCATE ON "audit_finding_done"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # booking_end: RECORD
    '''CREATE TABLE "booking_end" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "booking_id" INTEGER NOT NULL,
    "how" TEXT NOT NULL CHECK (how IN ('held', 'missed', 'cancelled', 'moved')),
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("booking_id") REFERENCES "booking" ("id")
)''',
    '''CREATE UNIQUE INDEX "booking_end_booking_id" ON "booking_end" ("booking_id")''',
    '''CREATE TRIGGER booking_end_no_change BEFORE UPDATE OR DELETE ON "booking_end"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER booking_end_no_truncate BEFORE TRUNCATE ON "booking_end"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # break_glass: RECORD
    '''CREATE TABLE "break_glass" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "round_name" TEXT NOT NULL,
    "starts_at" BIGINT NOT NULL,
    "ends_at" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    CHECK (starts_at < ends_at),
    CHECK (person_id <> "by")
)''',
    '''CREATE INDEX "break_glass_home_id" ON "break_glass" ("home_id")''',
    '''CREATE INDEX "break_glass_person_id" ON "break_glass" ("person_id")''',
    '''CREATE INDEX "break_glass_home_id_person_id_starts_at" ON "break_glass" ("home_id", "person_id", "starts_at")''',
    '''CREATE TRIGGER break_glass_no_change BEFORE UPDATE OR DELETE ON "break_glass"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER break_glass_no_truncate BEFORE TRUNCATE ON "break_glass"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # break_glass_seen: RECORD
    '''CREATE TABLE "break_glass_seen" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "break_glass_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("break_glass_id") REFERENCES "break_glass" ("id")
)''',
    '''CREATE UNIQUE INDEX "break_glass_seen_break_glass_id" ON "break_glass_seen" ("break_glass_id")''',
    '''CREATE TRIGGER break_glass_seen_no_change BEFORE UPDATE OR DELETE ON "break_glass_seen"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER break_glass_seen_no_truncate BEFORE TRUNCATE ON "break_glass_seen"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # certificate: RECORD
    '''CREATE TABLE "certificate" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "certificate_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "course" TEXT NOT NULL,
    "taken_on" TEXT NOT NULL,
    "expires_on" TEXT,
    "from_whom" TEXT NOT NULL,
    "paper_id" INTEGER,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("paper_id") REFERENCES "evidence_file" ("id")
)''',
    '''CREATE INDEX "certificate_home_id" ON "certificate" ("home_id")''',
    '''CREATE UNIQUE INDEX "certificate_certificate_id" ON "certificate" ("certificate_id")''',
    '''CREATE INDEX "certificate_person_id" ON "certificate" ("person_id")''',
    '''CREATE INDEX "certificate_home_id_person_id" ON "certificate" ("home_id", "person_id")''',
    '''CREATE TRIGGER certificate_no_change BEFORE UPDATE OR DELETE ON "certificate"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER certificate_no_truncate BEFORE TRUNCATE ON "certificate"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # course: VERSIONED
    '''CREATE TABLE "course" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "months" INTEGER,
    "roles" TEXT NOT NULL,
    "retired" BOOLEAN NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "course_home_id" ON "course" ("home_id")''',
    '''CREATE INDEX "course_home_id_code_valid_from" ON "course" ("home_id", "code", "valid_from")''',
    '''CREATE TRIGGER course_no_change BEFORE UPDATE OR DELETE ON "course"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER course_no_truncate BEFORE TRUNCATE ON "course"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # induction: RECORD
    '''CREATE TABLE "induction" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "induction_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "agency" TEXT NOT NULL,
    "agency_contact" TEXT NOT NULL,
    "items" TEXT NOT NULL,
    "paper_id" INTEGER,
    "paper_expires_on" TEXT,
    "access_ends_at" BIGINT,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("paper_id") REFERENCES "evidence_file" ("id")
)''',
    '''CREATE INDEX "induction_home_id" ON "induction" ("home_id")''',
    '''CREATE UNIQUE INDEX "induction_induction_id" ON "induction" ("induction_id")''',
    '''CREATE INDEX "induction_person_id" ON "induction" ("person_id")''',
    '''CREATE TRIGGER induction_no_change BEFORE UPDATE OR DELETE ON "induction"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER induction_no_truncate BEFORE TRUNCATE ON "induction"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # observation: RECORD
    '''CREATE TABLE "observation" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "assessment_id" INTEGER NOT NULL,
    "observation_id" TEXT NOT NULL,
    "round_name" TEXT NOT NULL,
    "begun_at" BIGINT NOT NULL,
    "assessor_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("assessment_id") REFERENCES "assessment" ("id"),
    FOREIGN KEY ("assessor_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "observation_assessment_id" ON "observation" ("assessment_id")''',
    '''CREATE UNIQUE INDEX "observation_observation_id" ON "observation" ("observation_id")''',
    '''CREATE TRIGGER observation_no_change BEFORE UPDATE OR DELETE ON "observation"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER observation_no_truncate BEFORE TRUNCATE ON "observation"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # observation_draft: WORKING
    '''CREATE TABLE "observation_draft" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "observation_id" INTEGER NOT NULL,
    "marks" TEXT NOT NULL,
    "comments" TEXT NOT NULL,
    "touched_at" BIGINT NOT NULL,
    FOREIGN KEY ("observation_id") REFERENCES "observation" ("id")
)''',
    '''CREATE UNIQUE INDEX "observation_draft_observation_id" ON "observation_draft" ("observation_id")''',
    # observation_result: RECORD
    '''CREATE TABLE "observation_result" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "observation_id" INTEGER NOT NULL,
    "ended_at" BIGINT NOT NULL,
    "marks" TEXT NOT NULL,
    "comments" TEXT NOT NULL,
    "doses" TEXT NOT NULL,
    "passed" BOOLEAN NOT NULL,
    "abandoned" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("observation_id") REFERENCES "observation" ("id")
)''',
    '''CREATE UNIQUE INDEX "observation_result_observation_id" ON "observation_result" ("observation_id")''',
    '''CREATE TRIGGER observation_result_no_change BEFORE UPDATE OR DELETE ON "observation_result"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER observation_result_no_truncate BEFORE TRUNCATE ON "observation_result"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # observation_sign: RECORD
    '''CREATE TABLE "observation_sign" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "result_id" INTEGER NOT NULL,
    "meaning" TEXT NOT NULL CHECK (meaning IN ('observed', 'was_observed')),
    "words" TEXT NOT NULL,
    "proven_at" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("result_id") REFERENCES "observation_result" ("id")
)''',
    '''CREATE UNIQUE INDEX "observation_sign_result_id_meaning" ON "observation_sign" ("result_id", "meaning")''',
    '''CREATE UNIQUE INDEX "observation_sign_result_id_by" ON "observation_sign" ("result_id", "by")''',
    '''CREATE TRIGGER observation_sign_no_change BEFORE UPDATE OR DELETE ON "observation_sign"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER observation_sign_no_truncate BEFORE TRUNCATE ON "observation_sign"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # skill_setting: VERSIONED
    '''CREATE TABLE "skill_setting" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "months" INTEGER NOT NULL CHECK (months BETWEEN 1 AND 36),
    "roles" TEXT NOT NULL,
    "valid_from" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id")
)''',
    '''CREATE INDEX "skill_setting_home_id" ON "skill_setting" ("home_id")''',
    '''CREATE INDEX "skill_setting_home_id_skill_valid_from" ON "skill_setting" ("home_id", "skill", "valid_from")''',
    '''CREATE TRIGGER skill_setting_no_change BEFORE UPDATE OR DELETE ON "skill_setting"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER skill_setting_no_truncate BEFORE TRUNCATE ON "skill_setting"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # supervision_note: RECORD
    '''CREATE TABLE "supervision_note" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "home_id" INTEGER NOT NULL,
    "note_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "supervisor_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL CHECK (kind IN ('scheduled', 'reflective', 'observation', 'return_to_work', 'appraisal')),
    "held_on" TEXT NOT NULL,
    "agenda" TEXT NOT NULL,
    "said" TEXT NOT NULL,
    "level" TEXT NOT NULL CHECK (level IN ('file', 'managers', 'private')),
    "next_on" TEXT,
    "amends_id" INTEGER,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("supervisor_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("amends_id") REFERENCES "supervision_note" ("id"),
    CHECK (person_id <> supervisor_id)
)''',
    '''CREATE INDEX "supervision_note_home_id" ON "supervision_note" ("home_id")''',
    '''CREATE UNIQUE INDEX "supervision_note_note_id" ON "supervision_note" ("note_id")''',
    '''CREATE INDEX "supervision_note_person_id" ON "supervision_note" ("person_id")''',
    '''CREATE INDEX "supervision_note_amends_id" ON "supervision_note" ("amends_id")''',
    '''CREATE INDEX "supervision_note_home_id_person_id_held_on" ON "supervision_note" ("home_id", "person_id", "held_on")''',
    '''CREATE TRIGGER supervision_note_no_change BEFORE UPDATE OR DELETE ON "supervision_note"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER supervision_note_no_truncate BEFORE TRUNCATE ON "supervision_note"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # supervision_action: RECORD
    '''CREATE TABLE "supervision_action" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "note_id" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "due_on" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT,
    FOREIGN KEY ("note_id") REFERENCES "supervision_note" ("id"),
    FOREIGN KEY ("owner_id") REFERENCES "person" ("id")
)''',
    '''CREATE INDEX "supervision_action_note_id" ON "supervision_action" ("note_id")''',
    '''CREATE TRIGGER supervision_action_no_change BEFORE UPDATE OR DELETE ON "supervision_action"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER supervision_action_no_truncate BEFORE TRUNCATE ON "supervision_action"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # supervision_action_done: RECORD
    '''CREATE TABLE "supervision_action_done" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "action_id" INTEGER NOT NULL,
    "how" TEXT NOT NULL CHECK (how IN ('done', 'let_go')),
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("action_id") REFERENCES "supervision_action" ("id")
)''',
    '''CREATE UNIQUE INDEX "supervision_action_done_action_id" ON "supervision_action_done" ("action_id")''',
    '''CREATE TRIGGER supervision_action_done_no_change BEFORE UPDATE OR DELETE ON "supervision_action_done"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER supervision_action_done_no_truncate BEFORE TRUNCATE ON "supervision_action_done"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
    # supervision_sign: RECORD
    '''CREATE TABLE "supervision_sign" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "note_id" INTEGER NOT NULL,
    "meaning" TEXT NOT NULL CHECK (meaning IN ('supervised', 'was_supervised')),
    "words" TEXT NOT NULL,
    "proven_at" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "by" BIGINT NOT NULL,
    FOREIGN KEY ("note_id") REFERENCES "supervision_note" ("id")
)''',
    '''CREATE UNIQUE INDEX "supervision_sign_note_id_meaning" ON "supervision_sign" ("note_id", "meaning")''',
    '''CREATE UNIQUE INDEX "supervision_sign_note_id_by" ON "supervision_sign" ("note_id", "by")''',
    '''CREATE TRIGGER supervision_sign_no_change BEFORE UPDATE OR DELETE ON "supervision_sign"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()''',
    '''CREATE TRIGGER supervision_sign_no_truncate BEFORE TRUNCATE ON "supervision_sign"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()''',
]

SQLITE_AGAIN = [
    # skill_grant: VERSIONED; entry: RECORD
    '''CREATE TABLE "skill_grant_10" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "salt" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "home_id" INTEGER NOT NULL,
    "skill" TEXT NOT NULL,
    "resident_id" INTEGER,
    "state" TEXT NOT NULL CHECK (state IN ('not_started', 'learning', 'knowledge_passed', 'shadowing', 'assessing', 'competent', 'development_needed', 'not_competent', 'supervised_only', 'suspended', 'reassessment', 'ended')),
    "valid_from" INTEGER NOT NULL,
    "valid_until" INTEGER,
    "reason" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "by" INTEGER,
    "evidence" TEXT,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("home_id") REFERENCES "home" ("id"),
    FOREIGN KEY ("resident_id") REFERENCES "resident" ("id")
)''',
    '''INSERT INTO "skill_grant_10" ("id", "salt", "person_id", "home_id", "skill", "resident_id", "state", "valid_from", "valid_until", "reason", "at", "by")
SELECT "id", "salt", "person_id", "home_id", "skill", "resident_id", "state", "valid_from", "valid_until", "reason", "at", "by" FROM "skill_grant"''',
    '''DROP TABLE "skill_grant"''',
    '''ALTER TABLE "skill_grant_10" RENAME TO "skill_grant"''',
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
    '''ALTER TABLE "entry" ADD COLUMN "supervised_by" INTEGER CHECK (supervised_by IS NULL OR (supervised_by <> "by" AND supervised_by <> administered_by))''',
    '''ALTER TABLE "entry" ADD COLUMN "supervised_at" INTEGER CHECK ((supervised_by IS NULL) = (supervised_at IS NULL))''',
    '''ALTER TABLE "entry" ADD COLUMN "break_glass_id" INTEGER REFERENCES "break_glass" ("id")''',
]

POSTGRES_AGAIN = [
    # skill_grant: VERSIONED; entry: RECORD
    '''ALTER TABLE "skill_grant" ADD CHECK (state IN ('not_started', 'learning', 'knowledge_passed', 'shadowing', 'assessing', 'competent', 'development_needed', 'not_competent', 'supervised_only', 'suspended', 'reassessment', 'ended'))''',
    '''ALTER TABLE "skill_grant" ADD COLUMN "evidence" TEXT''',
    '''ALTER TABLE "entry" ADD COLUMN "supervised_by" BIGINT CHECK (supervised_by IS NULL OR (supervised_by <> "by" AND supervised_by <> administered_by))''',
    '''ALTER TABLE "entry" ADD COLUMN "supervised_at" BIGINT CHECK ((supervised_by IS NULL) = (supervised_at IS NULL))''',
    '''ALTER TABLE "entry" ADD COLUMN "break_glass_id" INTEGER REFERENCES "break_glass" ("id")''',
]


def up(migrator, db):
    if any(column.name == "supervised_by" for column in db.get_columns("entry")):
        return
    if isinstance(db, SqliteDatabase):
        _sqlite(db)
        return
    with db.atomic():
        _drop_checks(db, "skill_grant")
        for sql in POSTGRES + POSTGRES_AGAIN:
            db.execute_sql(sql)


def _sqlite(db):
    db.execute_sql("PRAGMA foreign_keys=0")
    try:
        with db.atomic("IMMEDIATE"):
            for sql in SQLITE + SQLITE_AGAIN:
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

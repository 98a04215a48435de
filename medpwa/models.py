"""Every declared table in one import, left to right in package order; for migrations, the verifier and tests."""

# ruff: noqa: I001  the order is the packages'
import medpwa.alerts
import medpwa.jobs
import medpwa.ledger
import medpwa.notes
import medpwa.staff.models
import medpwa.staff.device_models
import medpwa.residents.models
import medpwa.competency.models
import medpwa.medicines.models
import medpwa.mar.models
import medpwa.mar.models_after
import medpwa.practice.models
import medpwa.desk.models  # noqa: F401

"""The first schema: halls, windows, tickets, plans, journal."""

import sqlalchemy as sa
from alembic import op

from hall.store.tables.base import SettingsJson, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "halls",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("settings", SettingsJson(), nullable=False),
        sa.Column("pace_real_at", UtcTime(), nullable=False),
        sa.Column("pace_hall_at", UtcTime(), nullable=False),
        sa.Column("pace_speed", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halls")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("clerk_id", sa.String(length=200), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_accounts_hall_id_halls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_table(
        "answers",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_answers_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "request_id", name=op.f("pk_answers")),
    )
    op.create_table(
        "arrivals",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("service_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot_s", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("generated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_arrivals_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "service_id", "day", "slot_s", name=op.f("pk_arrivals")),
    )
    op.create_table(
        "attendance",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("clerk_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("absent", sa.Boolean(), nullable=False),
        sa.Column("breaks_taken", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_attendance_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "clerk_id", "day", name=op.f("pk_attendance")),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("service_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("ticket_id", sa.String(length=200), nullable=True),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_bookings_hall_id_halls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("hall_id", "code", name=op.f("uq_bookings_hall_id_code")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index("ix_bookings_slot", ["hall_id", "service_id", "at"], unique=False)

    op.create_table(
        "calendar_days",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("factor", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_calendar_days_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "clerks",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("home", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_clerks_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "id", name=op.f("pk_clerks")),
    )
    op.create_table(
        "counters",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("prefix", sa.String(length=200), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_counters_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "day", "prefix", name=op.f("pk_counters")),
    )
    op.create_table(
        "families",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_families_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "id", name=op.f("pk_families")),
    )
    op.create_table(
        "journal",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_journal_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "version", "seq", name=op.f("pk_journal")),
    )
    op.create_table(
        "leases",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_leases_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "role", name=op.f("pk_leases")),
    )
    op.create_table(
        "pins",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("window_id", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.JSON(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_pins_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "window_id", name=op.f("pk_pins")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("solve_ms", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_plans_hall_id_halls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index("ix_plans_state", ["hall_id", "state"], unique=False)

    op.create_table(
        "services",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("family_id", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_s", sa.Double(), nullable=False),
        sa.Column("scv", sa.Double(), nullable=False),
        sa.Column("target_wait_s", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("cap_wait_s", sa.Integer(), nullable=True),
        sa.Column("hours", sa.JSON(), nullable=True),
        sa.Column("daily_cap", sa.Integer(), nullable=True),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.CheckConstraint("service_s > 0", name=op.f("ck_services_service_s")),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_services_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "id", name=op.f("pk_services")),
        sa.UniqueConstraint("hall_id", "prefix", name=op.f("uq_services_hall_id_prefix")),
    )
    op.create_table(
        "shifts",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("clerk_id", sa.String(length=200), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.Integer(), nullable=False),
        sa.Column("end_s", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_shifts_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "clerk_id", "weekday", name=op.f("pk_shifts")),
    )
    op.create_table(
        "skills",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("clerk_id", sa.String(length=200), nullable=False),
        sa.Column("service_id", sa.String(length=200), nullable=False),
        sa.Column("pace", sa.Double(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_skills_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "clerk_id", "service_id", name=op.f("pk_skills")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("prefix", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("service_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("priority", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("entry", sa.String(length=200), nullable=False),
        sa.Column("place", UtcTime(), nullable=False),
        sa.Column("booked_at", UtcTime(), nullable=True),
        sa.Column("issued_at", UtcTime(), nullable=False),
        sa.Column("issued_version", sa.Integer(), nullable=False),
        sa.Column("overtaken", sa.Integer(), nullable=False),
        sa.Column("let_in", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("at_window", sa.String(length=200), nullable=True),
        sa.Column("for_window", sa.String(length=200), nullable=True),
        sa.Column("window_id", sa.String(length=200), nullable=True),
        sa.Column("clerk_id", sa.String(length=200), nullable=True),
        sa.Column("called_at", UtcTime(), nullable=True),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("serial > 0", name=op.f("ck_tickets_serial")),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_tickets_hall_id_halls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint(
            "hall_id", "day", "prefix", "serial", name=op.f("uq_tickets_hall_id_day_prefix_serial")
        ),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tickets_line",
            ["hall_id", "day", "state", "service_id", "place", "issued_version"],
            unique=False,
        )
        batch_op.create_index(
            "ix_tickets_priority",
            ["hall_id", "day", "state", "service_id"],
            unique=False,
            sqlite_where=sa.text("priority = 1"),
            postgresql_where=sa.text("priority"),
        )
        batch_op.create_index(
            "ux_tickets_at_window",
            ["hall_id", "at_window"],
            unique=True,
            sqlite_where=sa.text("at_window IS NOT NULL"),
            postgresql_where=sa.text("at_window IS NOT NULL"),
        )

    op.create_table(
        "tokens",
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("clerk_id", sa.String(length=200), nullable=True),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_tokens_hall_id_halls")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_tokens")),
        sa.UniqueConstraint("id", name=op.f("uq_tokens_id")),
    )
    op.create_table(
        "windows",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("can", sa.JSON(), nullable=False),
        sa.Column("tidal", sa.Boolean(), nullable=False),
        sa.Column("fixed_mode", sa.JSON(), nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.JSON(), nullable=False),
        sa.Column("mode_since", UtcTime(), nullable=True),
        sa.Column("flips_today", sa.Integer(), nullable=False),
        sa.Column("clerk_id", sa.String(length=200), nullable=True),
        sa.Column("state_since", UtcTime(), nullable=True),
        sa.Column("state_until", UtcTime(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("last_family", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('closed', 'open', 'setup', 'paused')", name=op.f("ck_windows_state")),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_windows_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "id", name=op.f("pk_windows")),
    )
    with op.batch_alter_table("windows", schema=None) as batch_op:
        batch_op.create_index("ix_windows_clerk", ["hall_id", "clerk_id"], unique=True)

    op.create_table(
        "calls",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("ticket_id", sa.String(length=200), nullable=False),
        sa.Column("window_id", sa.String(length=200), nullable=False),
        sa.Column("clerk_id", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_calls_hall_id_halls")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_calls_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index("ix_calls_recent", ["hall_id", "at"], unique=False)

    op.create_table(
        "flips",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("plan_id", sa.String(length=200), nullable=True),
        sa.Column("window_id", sa.String(length=200), nullable=False),
        sa.Column("clerk_id", sa.String(length=200), nullable=True),
        sa.Column("mode", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_flips_hall_id_halls")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_flips_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flips")),
    )
    with op.batch_alter_table("flips", schema=None) as batch_op:
        batch_op.create_index("ix_flips_window", ["hall_id", "window_id", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("flips", schema=None) as batch_op:
        batch_op.drop_index("ix_flips_window")

    op.drop_table("flips")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index("ix_calls_recent")

    op.drop_table("calls")
    with op.batch_alter_table("windows", schema=None) as batch_op:
        batch_op.drop_index("ix_windows_clerk")

    op.drop_table("windows")
    op.drop_table("tokens")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_priority")
        batch_op.drop_index("ix_tickets_line")

    op.drop_table("tickets")
    op.drop_table("skills")
    op.drop_table("shifts")
    op.drop_table("services")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index("ix_plans_state")

    op.drop_table("plans")
    op.drop_table("pins")
    op.drop_table("leases")
    op.drop_table("journal")
    op.drop_table("families")
    op.drop_table("counters")
    op.drop_table("clerks")
    op.drop_table("calendar_days")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index("ix_bookings_slot")

    op.drop_table("bookings")
    op.drop_table("attendance")
    op.drop_table("arrivals")
    op.drop_table("answers")
    op.drop_table("accounts")
    op.drop_table("halls")

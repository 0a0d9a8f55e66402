"""The hall's own calendar in spans of days: half days with hours, events of some services, a note.

An entry of a single day becomes a span of one; on the way back each day keeps its newest word.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

DAYS = sa.table(
    "calendar_days",
    sa.column("hall_id", sa.String),
    sa.column("day", sa.Date),
    sa.column("kind", sa.String),
    sa.column("factor", sa.Double),
    sa.column("source", sa.String),
)


def upgrade() -> None:
    entries = op.create_table(
        "calendar_entries",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("open_s", sa.Integer(), nullable=True),
        sa.Column("close_s", sa.Integer(), nullable=True),
        sa.Column("factor", sa.Double(), nullable=True),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_calendar_entries_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "id", name=op.f("pk_calendar_entries")),
    )
    rows = op.get_bind().execute(sa.select(DAYS)).all()
    told = [
        {
            "hall_id": row.hall_id, "id": row.day.isoformat(), "first_day": row.day, "last_day": row.day,
            "kind": row.kind, "factor": row.factor, "services": [], "by": row.source, "version": 0,
        }
        for row in rows
    ]  # fmt: skip
    if told:
        op.bulk_insert(entries, told)
    op.drop_table("calendar_days")


def downgrade() -> None:
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
    entries = sa.table(
        "calendar_entries",
        *(sa.column(name, sa.Date) for name in ("first_day", "last_day")),
        *(sa.column(name) for name in ("hall_id", "kind", "factor", "by", "version")),
    )
    days = {}
    for row in op.get_bind().execute(sa.select(entries).order_by(entries.c.version)).all():
        for number in range((row.last_day - row.first_day).days + 1):
            day = row.first_day + timedelta(days=number)
            days[row.hall_id, day] = {
                "hall_id": row.hall_id, "day": day, "kind": row.kind, "factor": row.factor, "source": row.by,
            }  # fmt: skip
    if days:
        op.bulk_insert(DAYS, list(days.values()))
    op.drop_table("calendar_entries")

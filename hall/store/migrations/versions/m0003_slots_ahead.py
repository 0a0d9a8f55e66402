"""What is expected of the slots of days to come: bookings they may take, and waits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "slots_ahead",
        sa.Column("hall_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.String(length=200), nullable=False),
        sa.Column("slot_s", sa.Integer(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("wait_s", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_slots_ahead_hall_id_halls")),
        sa.PrimaryKeyConstraint("hall_id", "day", "service_id", "slot_s", name=op.f("pk_slots_ahead")),
    )


def downgrade() -> None:
    op.drop_table("slots_ahead")

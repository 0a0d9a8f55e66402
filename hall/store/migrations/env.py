"""What Alembic runs: the steps on the connection that hall.store.migrations opened."""

from alembic import context

from hall.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
context.run_migrations()

"""Column types and the base of all tables. Ids of a hall's things are the hall's own short words."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Dialect, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from hall.core.hall import Settings


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC instant. SQLite drops the zone on the way in; this restores it on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SettingsJson(TypeDecorator[Settings]):
    """A hall's settings as JSON text; parsed once per distinct text, since every verb reads them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Settings | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value.to_json(), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Settings | None:
        return None if value is None else _parsed(value)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Settings:
    return Settings.from_json(json.loads(text))


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this as a class attribute
        datetime: UtcTime,
        date: Date,
        Settings: SettingsJson,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
        str: String(200),
    }

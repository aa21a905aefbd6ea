"""Base of the mapped classes: naming of constraints, and column types for times, enums and literals."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar, get_args

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times in UTC, also on SQLite, which stores no zone. Raises ValueError for a naive time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Value to store, in UTC. Raises ValueError for a naive time."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Aware time in UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class StoredEnum(TypeDecorator[StrEnum]):
    """A StrEnum stored as its value in a VARCHAR, so that a new member needs no migration.

    Raises ValueError for a value without a member, on writing and on reading.
    """

    impl = String
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Value of the member. Raises ValueError for a value without a member."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:
        """Member of the value. Raises ValueError if there is none."""
        return None if value is None else self.members(value)


class StoredLiteral(TypeDecorator[str]):
    """A Literal stored in a VARCHAR. Raises ValueError for another value on writing."""

    impl = String
    cache_ok = True

    def __init__(self, *words: str) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """The value, if the Literal allows it. Raises ValueError if not."""
        if value is not None and value not in self.words:
            raise ValueError(f"{value!r} is none of: {', '.join(self.words)}")
        return value


class Table(DeclarativeBase):
    """Base of every mapped class."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[list[str]]: JSON(),
        int: BigInteger().with_variant(Integer, "sqlite"),
    }


EnumType = TypeVar("EnumType", bound=type[StrEnum])


def stored_enum(members: EnumType) -> EnumType:
    """Class decorator for a StrEnum in columns: `Mapped[TheEnum]` becomes a VARCHAR of its values."""
    Table.registry.update_type_annotation_map({members: StoredEnum(members)})
    return members


def stored_literal(words: Any) -> None:
    """Register a Literal for columns: `Mapped[TheLiteral]` becomes a VARCHAR of its values."""
    Table.registry.update_type_annotation_map({words: StoredLiteral(*get_args(words))})

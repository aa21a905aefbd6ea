"""What every mapped class has: how its keys are named, and times that never lose their zone."""

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
    """Aware in, aware out, also on SQLite, which forgets the zone. A naive time is a mistake and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give UTC back, aware."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class StoredEnum(TypeDecorator[StrEnum]):
    """A member of a StrEnum, stored as its value in a plain VARCHAR, so that a new member needs no migration.

    A word that is no member is a mistake and refused with ValueError, going in and coming out.
    """

    impl = String
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Store the value of the member."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:
        """Give the member back."""
        return None if value is None else self.members(value)


class StoredLiteral(TypeDecorator[str]):
    """One of a few words, which are a Literal, in a plain VARCHAR. Another word is refused with ValueError."""

    impl = String
    cache_ok = True

    def __init__(self, *words: str) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Store the word."""
        if value is not None and value not in self.words:
            raise ValueError(f"{value!r} is none of: {', '.join(self.words)}")
        return value


class Table(DeclarativeBase):
    """The base of every mapped class."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[list[str]]: JSON(),
        int: BigInteger().with_variant(Integer, "sqlite"),
    }


EnumType = TypeVar("E", bound=type[StrEnum])


def stored_enum(members: EnumType) -> EnumType:
    """Class decorator of a StrEnum that columns hold: `Mapped[TheEnum]` becomes a VARCHAR of its values."""
    Table.registry.update_type_annotation_map({members: StoredEnum(members)})
    return members


def stored_literal(words: Any) -> None:
    """Have columns hold a Literal: `Mapped[TheLiteral]` becomes a VARCHAR of its words."""
    Table.registry.update_type_annotation_map({words: StoredLiteral(*get_args(words))})

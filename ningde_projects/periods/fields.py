"""A model field that holds a Month as the text '2026-10', so that it sorts and reads as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .month import Month

if TYPE_CHECKING:
    _Base = models.Field[Month | str | None, Month]
else:
    _Base = models.Field


class MonthField(_Base):
    description = _("Month")

    def db_type(self, connection: Any) -> str:
        return "varchar(7)"

    def get_internal_type(self) -> str:
        return "CharField"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 7
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Month | None:
        return None if value is None else Month.parse(value)

    def to_python(self, value: Any) -> Month | None:
        if value is None or isinstance(value, Month):
            return value
        try:
            return Month.parse(str(value))
        except ValueError as wrong:
            raise ValidationError(_("Write a month as 2026-10.")) from wrong

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(value)
        return None if value is None else str(value)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

"""A foreign key over several columns, which Django's models do not know.

It lets the database itself hold what no single column says: that a measure is one which the list
of this very entry names, that it stands on an entry that stands, within that entry's days.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.constraints import BaseConstraint


class CompositeForeignKey(BaseConstraint):
    """`fields` of a row are `to_fields` of some row of `to`; a row with a null among them may stay.

    `to` is `app.Model`, whose `to_fields`, named by their columns, together are unique without
    condition. Checked when the transaction ends, as Django's own foreign keys are.
    """

    def __init__(
        self, *, name: str, fields: tuple[str, ...], to: str, to_fields: tuple[str, ...]
    ) -> None:
        if len(fields) != len(to_fields) or len(fields) < 2:
            raise ValueError("a composite key has as many fields here as there, two at least")
        super().__init__(name=name)
        self.fields, self.to, self.to_fields = tuple(fields), to, tuple(to_fields)

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: Any) -> str:
        """The constraint inside a table's definition."""
        return f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._sql(model, schema_editor)}"

    def create_sql(self, model: type[models.Model] | None, schema_editor: Any) -> str:
        """The statement that adds it to a table that is there; SQLite makes the table anew."""
        assert model is not None  # Django hands it over wherever a table is changed
        table = schema_editor.quote_name(model._meta.db_table)  # noqa: SLF001
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: type[models.Model] | None, schema_editor: Any) -> Any:
        """The statement that takes it out."""
        return schema_editor._delete_fk_sql(model, self.name)  # noqa: SLF001

    def validate(self, *_: Any, **__: Any) -> None:
        """Forms make no such rows: the database refuses them."""

    def _sql(self, model: type[models.Model] | None, schema_editor: Any) -> str:
        assert model is not None  # Django hands it over wherever a table is made
        quote, columns = schema_editor.quote_name, model._meta  # noqa: SLF001
        mine = ", ".join(quote(_column(columns, one)) for one in self.fields)
        theirs = ", ".join(quote(one) for one in self.to_fields)
        table = quote(self.to.lower().replace(".", "_"))
        return f"FOREIGN KEY ({mine}) REFERENCES {table} ({theirs}) DEFERRABLE INITIALLY DEFERRED"

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """For migrations."""
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "to": self.to, "to_fields": self.to_fields}
        return path, tuple(args), kwargs

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CompositeForeignKey):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.fields, self.to, self.to_fields))


def _column(of: Any, name: str) -> str:
    """The column of a field."""
    return str(of.get_field(name).column)

"""How secret a derived column is: as secret as the most secret thing that it is made of.

A column of a SQL text inherits the strictest share class and the highest level of everything it
was computed from: the fields in its own expression, and those by which rows were chosen, joined
or left out, since a filter tells what it filters by. A looser class needs a cited basis.

The SQL is in DuckDB's dialect over `record` (slots, every category unless the text names some),
`batch`, and the views of categories under their own names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from xinrong.catalogue.compile import COMMON, display_fields
from xinrong.catalogue.contract import Basis, Contract, ShareClass
from xinrong.store.schema import RECORD
from xinrong.trust.errors import LineageUnknown

DIALECT = "duckdb"
#: From the loosest to the strictest.
STRICTNESS = (ShareClass.OPEN, ShareClass.CONSENT, ShareClass.NEVER)
#: What `batch` shows: who sent a batch and when. It says nothing of an enterprise.
BATCH = ("batch", "feed", "department", "received_at", "seq")

#: A category and one of its fields; "" for the mere being there of its records.
Input = tuple[str, str]
NOTHING: frozenset[Input] = frozenset()
OPEN = ShareClass.OPEN


@dataclass(frozen=True)
class Lineage:
    """What something is made of, and therefore who may be shown it."""

    share: ShareClass
    level: int
    inputs: frozenset[Input]


def strictest(sql: str, contracts: Mapping[str, Contract]) -> Lineage:
    """The class of the whole answer of a SQL text. Raises LineageUnknown."""
    found = columns_of(sql, contracts)
    return classed(union(one.inputs for one in found.values()), contracts)


def columns_of(sql: str, contracts: Mapping[str, Contract]) -> dict[str, Lineage]:
    """Column of the answer → its class.

    Raises LineageUnknown for what is no single query, reads something that is neither the store's
    nor a view of one of `contracts`, or cannot be followed: unknown is never taken for open.
    """
    found = _Reader(contracts).columns(_scope_of(sql, contracts))
    return {name: classed(inputs, contracts) for name, inputs in found.items()}


def classed(inputs: Iterable[Input], contracts: Mapping[str, Contract]) -> Lineage:
    """The strictest share class and the highest level among inputs; open and 1 without any."""
    used = frozenset(inputs)
    share = max((contracts[name].share for name, _ in used), key=STRICTNESS.index, default=OPEN)
    levels = [contracts[name].field(field).level for name, field in used if field]
    return Lineage(share, max(levels, default=1), used)


def declared(
    sql: str,
    contracts: Mapping[str, Contract],
    share: ShareClass,
    level: int,
    basis: Basis | None = None,
) -> Lineage:
    """The class that a definition claims for its SQL, if it may.

    It may be stricter than what it is made of. Looser only with a document and an article that
    allow it. Raises LineageUnknown, with the code `lineage_looser`, otherwise.
    """
    least = strictest(sql, contracts)
    looser = level < least.level or STRICTNESS.index(share) < STRICTNESS.index(least.share)
    if looser and (basis is None or not (basis.document.strip() and basis.article.strip())):
        raise LineageUnknown(
            f"it is declared {share}, level {level}, and made of what is {least.share}, level"
            f" {least.level}",
            remedy="Declare that, or cite the document and the article that allow the looser one.",
            code="lineage_looser",
        )
    return Lineage(share, level, least.inputs)


def union(parts: Iterable[Iterable[Input]]) -> frozenset[Input]:
    """All inputs of several."""
    return frozenset().union(*parts)


def _scope_of(sql: str, contracts: Mapping[str, Contract]) -> Scope:
    schema: dict[str, object] = {
        "record": dict.fromkeys(RECORD.names, "TEXT"),
        "batch": dict.fromkeys(BATCH, "TEXT"),
    }
    for name, contract in contracts.items():
        columns = [*COMMON, *(field.name for field in contract.fields)]
        schema[name] = dict.fromkeys(columns, "TEXT")
    try:
        tree = parse_one(sql, dialect=DIALECT)
        check_tables(tree, schema)
        qualified = qualify(tree, schema=schema, dialect=DIALECT)
        scope = build_scope(qualified)
    except SqlglotError as error:
        raise LineageUnknown(f"the SQL cannot be followed: {error}") from error
    if scope is None:
        raise LineageUnknown("the SQL is no query", remedy="Write one SELECT.")
    return scope


def check_tables(tree: exp.Expr, schema: Mapping[str, object]) -> None:
    """Whether a query reads known relations only. Raises LineageUnknown."""
    if not isinstance(tree, exp.Query):
        raise LineageUnknown("the SQL is no query", remedy="Write one SELECT.")
    for part in tree.find_all(exp.With):
        if part.args.get("recursive"):
            raise LineageUnknown("a recursive query cannot be followed")
    own = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        named = isinstance(table.this, exp.Identifier) and not table.db
        if not named or table.name.lower() not in own | schema.keys():
            raise LineageUnknown(
                f"the SQL reads {table.sql(dialect=DIALECT)}, which is no relation of the store",
                remedy="Read `record`, `batch`, or a category under its name.",
            )


class _Reader:
    """Follows columns through the scopes of one query, each scope once."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        self.contracts = contracts
        # By the identity of a scope: all of them live as long as the query that is followed.
        self._columns: dict[int, dict[str, frozenset[Input]]] = {}
        self._choices: dict[int, frozenset[Input]] = {}

    def columns(self, scope: Scope) -> dict[str, frozenset[Input]]:
        """Output column → inputs, those by which its rows were chosen included."""
        if id(scope) not in self._columns:
            self._columns[id(scope)] = self._followed(scope)
        return self._columns[id(scope)]

    def _followed(self, scope: Scope) -> dict[str, frozenset[Input]]:
        query = scope.expression
        if isinstance(query, exp.SetOperation):
            return self._of_set(scope, query)
        if not isinstance(query, exp.Select):
            raise LineageUnknown(f"{type(query).__name__} cannot be followed")
        chosen = self._chosen(scope)
        return {part.alias_or_name: chosen | self._inside(scope, part) for part in query.selects}

    def _of_set(self, scope: Scope, query: exp.SetOperation) -> dict[str, frozenset[Input]]:
        left, right = (self.columns(part) for part in scope.set_operation_scopes)
        if len(left) != len(right):
            raise LineageUnknown("the sides of a union have different columns")
        pairs = zip(left.items(), right.values(), strict=True)
        found = {name: one | other for (name, one), other in pairs}
        if isinstance(query, exp.Union) and not query.args.get("distinct"):
            return found
        return dict.fromkeys(found, union(found.values()))  # what is kept tells of all columns

    def _chosen(self, scope: Scope) -> frozenset[Input]:
        """Everything that decides which rows there are, and how many."""
        if id(scope) not in self._choices:
            self._choices[id(scope)] = self._deciders(scope)
        return self._choices[id(scope)]

    def _deciders(self, scope: Scope) -> frozenset[Input]:
        query = scope.expression
        if not isinstance(query, exp.Select):
            return union(self._chosen(part) for part in scope.set_operation_scopes) | (
                union(self.columns(scope).values()) if query.args.get("distinct") else NOTHING
            )
        shown = {part.unalias().sql() for part in query.selects} | {
            exp.column(part.alias_or_name, quoted=True).sql() for part in query.selects
        }
        found = union(self._rows(scope, name) for name in scope.selected_sources)
        for key, part in query.args.items():
            if key not in ("expressions", "from_", "with_"):
                for item in part if isinstance(part, list) else [part]:
                    found |= self._deciding(scope, item, shown)
        return found

    def _deciding(self, scope: Scope, item: object, shown: set[str]) -> frozenset[Input]:
        """What a clause decides by; what is grouped by stands in the answer, unless it does not."""
        if isinstance(item, exp.Group) or (isinstance(item, exp.Order) and not limited(item)):
            keys = [one.this if isinstance(one, exp.Ordered) else one for one in item.expressions]
            hidden = [one for one in keys if one.sql() not in shown]
            return union(self._inside(scope, one) for one in hidden)
        if isinstance(item, exp.Join):
            parts = [item.args.get("on"), *(item.args.get("using") or ())]
            return union(self._inside(scope, one) for one in parts if one is not None)
        return self._inside(scope, item) if isinstance(item, exp.Expr) else NOTHING

    def _rows(self, scope: Scope, name: str) -> frozenset[Input]:
        """What the mere being there of a relation's rows tells."""
        source = self._source(scope, name)
        if isinstance(source, Scope):
            return self._chosen(source)
        if source.name == "batch":
            return NOTHING
        return frozenset((one, "") for one in self._categories(scope, name, source))

    def _inside(self, scope: Scope, part: exp.Expr) -> frozenset[Input]:
        """The inputs of every column in an expression, sub-queries included."""
        found: set[Input] = set()
        for node in part.walk(prune=lambda node: isinstance(node, exp.Query)):
            if isinstance(node, exp.Column):
                found.update(self._column(scope, node))
            elif isinstance(node, exp.Query):
                found |= union(self.columns(self._scope_of(scope, node)).values())
        return frozenset(found)

    def _scope_of(self, scope: Scope, query: exp.Query) -> Scope:
        for inner in scope.subquery_scopes:
            if inner.expression is query.unnest():
                return inner
        raise LineageUnknown(f"the sub-query {query.sql(dialect=DIALECT)} cannot be followed")

    def _column(self, scope: Scope, column: exp.Column) -> Iterable[Input]:
        if not column.table:  # a column of the answer, by its name
            return self._named(scope, column.name)
        source = self._source(scope, column.table)
        if isinstance(source, Scope):
            found = self.columns(source)
            if column.name not in found:
                raise LineageUnknown(f"the column {column.sql()} cannot be followed")
            return set(found[column.name])
        if source.name == "batch":
            return set()
        owner = self._owner(scope, column.table)
        return {
            read
            for category in self._categories(owner, column.table, source)
            for read in self._fields(source.name, category, column.name)
        }

    def _named(self, scope: Scope, name: str) -> frozenset[Input]:
        query = scope.expression
        for part in query.selects if isinstance(query, exp.Select) else ():
            if part.alias_or_name == name and not isinstance(part, exp.Column):
                return self._inside(scope, part.unalias())
        raise LineageUnknown(f"the column {name} cannot be followed")

    def _source(self, scope: Scope, name: str) -> exp.Table | Scope:
        source = self._owner(scope, name).sources.get(name)
        if not isinstance(source, exp.Table | Scope):
            raise LineageUnknown(f"the relation {name!r} cannot be followed")
        return source

    def _owner(self, scope: Scope, name: str) -> Scope:
        """The scope that names a relation: this one, or an outer one of a correlated query."""
        at: Scope | None = scope
        while at is not None:
            if name in at.sources:
                return at
            at = at.parent
        raise LineageUnknown(f"the relation {name!r} cannot be followed")

    def _fields(self, relation: str, category: str, column: str) -> Iterator[Input]:
        contract = self.contracts[category]
        if relation != "record":
            yield category, "" if column in COMMON else column
            return
        if column == "display":
            yield from ((category, field.name) for field in display_fields(contract))
        yield from ((category, field.name) for field in contract.fields if field.slot == column)
        if column == "polarity" and contract.polarity.by:
            yield category, contract.polarity.by
        yield category, ""

    def _categories(self, scope: Scope, name: str, source: exp.Table) -> set[str]:
        """Whose records a relation brings: the categories that the query names, else all."""
        if source.name != "record":
            return {source.name}
        where = scope.expression.args.get("where")
        named: set[str] | None = None
        for part in conjuncts(where.this) if where else ():
            listed = _named_categories(part, name)
            if listed is not None:
                named = listed if named is None else named & listed
        if named is None:
            return set(self.contracts)
        unknown = named - self.contracts.keys()
        if unknown:
            raise LineageUnknown(f"there is no category {min(unknown)!r}")
        return named


def limited(order: exp.Order) -> bool:
    """Whether the order decides which rows there are."""
    query = order.parent
    return query is not None and bool(query.args.get("limit") or query.args.get("offset"))


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The conditions that must all hold."""
    plain = condition.unnest()
    if isinstance(plain, exp.And):
        yield from conjuncts(plain.this)
        yield from conjuncts(plain.expression)
    else:
        yield plain


def _named_categories(part: exp.Expr, name: str) -> set[str] | None:
    """The categories to which a condition holds a relation; None when it holds it to none."""
    if isinstance(part, exp.EQ):
        sides = (part.this, part.expression)
        for column, literal in (sides, sides[::-1]):
            if _is_category(column, name) and _is_text(literal):
                return {literal.name}
    if isinstance(part, exp.In) and _is_category(part.this, name):
        listed = part.expressions
        if listed and all(_is_text(one) for one in listed):
            return {one.name for one in listed}
    return None


def _is_category(part: exp.Expr, name: str) -> bool:
    return isinstance(part, exp.Column) and (part.name, part.table) == ("category", name)


def _is_text(part: exp.Expr) -> bool:
    return isinstance(part, exp.Literal) and bool(part.is_string)

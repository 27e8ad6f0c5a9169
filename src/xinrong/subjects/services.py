"""Verbs on subjects and enterprises.

A *subject* is an identity as a source sent it. `ensure_subjects` makes them, in bulk and
idempotently; `link_new`, inside the commit's transaction, links those with a code to their
enterprise, and makes the enterprise: in full from a register feed, provisional from any other.
A subject with only a name stays unlinked, is counted on the receipt and shown in no file.

`merge`, `split` and `undo` decide who a subject is, each with a seq of its own; `subjects_of`
reads the map as of any seq.
"""

from __future__ import annotations

from xinrong.subjects.by_codes import enterprises_by_codes
from xinrong.subjects.counts.facts import inputs_of as register_inputs
from xinrong.subjects.counts.tables import DIMENSIONS as REGISTER_DIMENSIONS
from xinrong.subjects.counts.tables import (
    ELSEWHERE,
    RegisterAsk,
    RegisterTable,
    register_table,
)
from xinrong.subjects.deciding import (
    Move,
    NewEnterprise,
    Preview,
    decisions_of,
    merge,
    preview_merge,
    preview_split,
    preview_undo,
    split,
    undo,
)
from xinrong.subjects.errors import UnknownEnterprise
from xinrong.subjects.ever import enterprises_ever
from xinrong.subjects.finding import (
    as_known_at,
    enterprise_by_code,
    enterprise_by_id,
    enterprise_of_code,
)
from xinrong.subjects.forgetting import forget_names, names_held
from xinrong.subjects.judging import services as judging
from xinrong.subjects.known import known_subjects
from xinrong.subjects.linking import Identity, Linked, ensure_subjects, kind_of_code, link_new
from xinrong.subjects.listing import codes_and_names, register_order
from xinrong.subjects.mapping import (
    codes_of_enterprise,
    count_enterprises,
    enterprises_of_subjects,
    linked_among,
    names_of_enterprise,
    names_of_subjects,
    standing_of_subjects,
    subjects_as_sent,
    subjects_of,
)
from xinrong.subjects.models import Decision, DecisionKind, EnterpriseKind
from xinrong.subjects.nameindex.live import rebuild as index_names
from xinrong.subjects.placing import enterprise_numbers
from xinrong.subjects.quick import known_at, parties_known
from xinrong.subjects.register.counts import RegisterCounts, register_counts
from xinrong.subjects.register.details import RecordVersion, versions_in
from xinrong.subjects.register.history import RegisterEvent, history_of
from xinrong.subjects.register.models import Succession, SuccessionKind
from xinrong.subjects.register.names import NamePeriod, name_periods
from xinrong.subjects.register.reading import ReadSuccessions, read_successions
from xinrong.subjects.representing import (
    ADDRESS,
    follow_later,
    follow_register,
    register_categories,
    register_facts,
)
from xinrong.subjects.resolution import services as resolution
from xinrong.subjects.searching.searching import search
from xinrong.subjects.searching.types import Hit
from xinrong.subjects.standing import Standing, record_standings, register_changes
from xinrong.subjects.succession import (
    Joined,
    predecessors_of,
    record_succession,
    successions_of,
    successors_of,
    undo_succession,
)
from xinrong.subjects.whole import enterprises_changed, identity_map, persons

__all__ = [
    "ADDRESS",
    "ELSEWHERE",
    "REGISTER_DIMENSIONS",
    "Decision",
    "DecisionKind",
    "EnterpriseKind",
    "Hit",
    "Identity",
    "Joined",
    "Linked",
    "Move",
    "NamePeriod",
    "NewEnterprise",
    "Preview",
    "ReadSuccessions",
    "RecordVersion",
    "RegisterAsk",
    "RegisterCounts",
    "RegisterEvent",
    "RegisterTable",
    "Standing",
    "Succession",
    "SuccessionKind",
    "UnknownEnterprise",
    "as_known_at",
    "codes_and_names",
    "codes_of_enterprise",
    "count_enterprises",
    "decisions_of",
    "ensure_subjects",
    "enterprise_by_code",
    "enterprise_by_id",
    "enterprise_numbers",
    "enterprise_of_code",
    "enterprises_by_codes",
    "enterprises_changed",
    "enterprises_ever",
    "enterprises_of_subjects",
    "follow_later",
    "follow_register",
    "forget_names",
    "history_of",
    "identity_map",
    "index_names",
    "judging",
    "kind_of_code",
    "known_at",
    "known_subjects",
    "link_new",
    "linked_among",
    "merge",
    "name_periods",
    "names_held",
    "names_of_enterprise",
    "names_of_subjects",
    "parties_known",
    "persons",
    "predecessors_of",
    "preview_merge",
    "preview_split",
    "preview_undo",
    "read_successions",
    "record_standings",
    "record_succession",
    "register_categories",
    "register_changes",
    "register_counts",
    "register_facts",
    "register_inputs",
    "register_order",
    "register_table",
    "resolution",
    "search",
    "split",
    "standing_of_subjects",
    "subjects_as_sent",
    "subjects_of",
    "successions_of",
    "successors_of",
    "undo",
    "undo_succession",
    "versions_in",
]

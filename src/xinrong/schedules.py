"""What runs in the background, and how often: the worker that `xinrong serve` starts reads it."""

from __future__ import annotations

from typing import Any

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

#: Name of a schedule -> its task and the seconds from one run to the next.
EVERY: dict[str, tuple[str, int]] = {
    "sweep-uploads": ("xinrong.collect.tasks.sweep_uploads", HOUR),
    "index-names": ("xinrong.subjects.tasks.index_names", 10 * MINUTE),
    "judge-snooping": ("xinrong.trust.snooping.tasks.judge_weeks", DAY),
    "settle-consents": ("xinrong.trust.tasks.settle_consents", 5 * MINUTE),
    "end-reports": ("xinrong.files.tasks.look_through_reports", MINUTE),
    "deliver-events": ("xinrong.work.tasks.deliver_events", 30),
    "tick-clocks": ("xinrong.work.tasks.tick_clocks", MINUTE),
    "recount-clocks": ("xinrong.work.tasks.recount_clocks", 10 * MINUTE),
    "sweep-events": ("xinrong.work.tasks.sweep_events", DAY),
    "sweep-case-papers": ("xinrong.work.tasks.sweep_papers", DAY),
    "tell-partners": ("xinrong.remedy.tasks.tell_partners", MINUTE),
    "end-repairs": ("xinrong.remedy.tasks.end_repairs", HOUR),
    "follow-listings": ("xinrong.remedy.tasks.follow_listings", MINUTE),
    "follow-corrections": ("xinrong.remedy.tasks.follow_corrections", 10 * MINUTE),
    "follow-objections": ("xinrong.remedy.tasks.follow_objections", 10 * MINUTE),
    "retain-records": ("xinrong.remedy.tasks.retain_records", 10 * MINUTE),
    "read-successions": ("xinrong.subjects.tasks.follow_records", HOUR),
    "follow-representatives": ("xinrong.subjects.tasks.follow_representatives", HOUR),
    "sweep-plans": ("xinrong.market.deciding.tasks.sweep_plans", 5 * MINUTE),
    "sweep-sessions": ("xinrong.accounts.mfa.tasks.sweep_sessions", HOUR),
    "sweep-proofs": ("xinrong.accounts.proof.tasks.sweep_proofs", HOUR),
    "keep-profiles": ("xinrong.profiles.tasks.keep_profiles", 30),
    "keep-grades": ("xinrong.rating.tasks.keep_grades", 30),
    "send-to-banks": ("xinrong.market.linking.tasks.send_to_banks", 30),
    "apply-parked": ("xinrong.market.linking.tasks.apply_parked", MINUTE),
    "stop-banks-using": ("xinrong.market.linking.tasks.follow_revocations", MINUTE),
    "write-loans": ("xinrong.market.recording.tasks.write_loans", MINUTE),
    "forget-link-bodies": ("xinrong.market.linking.tasks.forget_bodies", DAY),
    "send-ledgers": ("xinrong.market.linking.tasks.send_ledgers", HOUR),
    "count-approvals": ("xinrong.market.league.tasks.count_approvals_of_the_day", HOUR),
    "hand-over-notices": ("xinrong.notices.tasks.hand_over_notices", 30),
    "sweep-notices": ("xinrong.notices.tasks.sweep_notices", DAY),
}
#: The same as the backend of the tasks wants it.
SCHEDULES: dict[str, dict[str, Any]] = {
    name: {"task": task, "every": seconds} for name, (task, seconds) in EVERY.items()
}

"""What a correction rests on; its clocks are rules of the law packs, topics `correction_…`."""

from __future__ import annotations

from xinrong.domain.process import Source

#: Every correction rests on this: whoever shows that a department published something wrong about
#: it may demand the correction. It names no number of days ("in time"), so the clocks are others'.
RIGHT = Source("企业信息公示暂行条例（国务院令第654号）", "政府部门公示的信息不准确的更正")

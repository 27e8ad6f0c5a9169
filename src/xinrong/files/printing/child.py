"""The process in which one paper is set: it knows the order, the template and the fonts.

Run as a file, by `typesetting`, in an empty folder: nothing of the platform is imported, no
database is at hand, and memory and processor time are limited before the order is read.
"""

from __future__ import annotations

import json
import resource
import sys

#: Exit statuses that `typesetting` tells apart.
FONT_MISSING, UNSET = 3, 4


def main() -> int:
    """Read the order from standard input, write the PDF to standard output."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    order = json.loads(sys.stdin.buffer.read())

    import typst

    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    if not set(order["fonts"]) <= set(fonts.families()):
        return FONT_MISSING
    try:
        made, _warnings = typst.compile_with_warnings(
            order["template"].encode(),
            root=".",
            font_paths=fonts,
            sys_inputs={"paper": order["paper"]},
            format="pdf",
            timestamp=order["timestamp"],
            package_path=".",
            package_cache_path=".",
        )
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        return UNSET
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())

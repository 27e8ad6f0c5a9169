"""The WSGI application that Granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinrong.settings")
application = get_wsgi_application()


def settle() -> None:
    """Spare the collector what start-up made and never dies, and let it run less often.

    A full collection walks every object of Django, the catalogue and the footers of parts: tens of
    milliseconds in the middle of somebody's query.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


settle()

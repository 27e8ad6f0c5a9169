"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from xinrong.bodies import Measured
from xinrong.orphans import end_with_server
from xinrong.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinrong.settings")
application = Measured(get_wsgi_application())
settle()
end_with_server()

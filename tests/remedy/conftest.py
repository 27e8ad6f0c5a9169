"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

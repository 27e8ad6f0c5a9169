"""Django's backend for PostgreSQL, which asks the socket whether a kept connection still stands."""

"""Signing in through an identity service of the province (OpenID Connect)."""

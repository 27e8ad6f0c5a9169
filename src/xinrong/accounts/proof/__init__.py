"""The first representative of an enterprise is proven, never declared."""

"""Needs: a question a page, a preview, the answers of every product, side by side."""

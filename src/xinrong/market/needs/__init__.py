"""Needs: asked one question at a time, stated by the enterprise, entered for it on visits."""

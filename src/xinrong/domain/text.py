"""Words shown to people, in both languages of the platform."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Text(BaseModel):
    """One thing said in Chinese and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The words for a language tag such as `zh-hans` or `en`; Chinese is the default."""
        return self.en if language.lower().startswith("en") else self.zh

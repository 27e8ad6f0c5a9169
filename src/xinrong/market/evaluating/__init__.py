"""How it went: the enterprise's own word after an application is over, and what came of it."""

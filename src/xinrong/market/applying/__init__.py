"""From an application to money: clocks, offers, contracts and loans, and no silent refusal."""

"""Pages on accounts: for whom one acts, the people and keys of an organisation, support."""

"""Who asked about whom: for the enterprise, the institution's compliance officer, the auditor."""

"""Loans made here become records of the category `platform_loan`, as any department's facts do."""

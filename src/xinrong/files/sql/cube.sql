-- The credit cube: how many records, and how much money, per category, year, department and sign.
-- Reads `record` and `batch`; the rows must already be those that may be shown. The few rows of one
-- file are counted in place (files/cells.py), which a test holds to this.
SELECT
  r.category,
  year(r.event_date) AS year,
  b.department,
  r.polarity,
  count(*) AS records,
  CAST(sum(r.amount) AS BIGINT) AS fen
FROM record AS r
JOIN batch AS b ON b.batch = r.batch
GROUP BY r.category, year(r.event_date), b.department, r.polarity
ORDER BY r.category, year DESC NULLS LAST, b.department, r.polarity

-- The visits of the week with all that is known of each. `campaign`: on that day the person and, in
-- the same week, a colleague of the same outlet went through many strange firms: work given out.
SELECT
    m.*,
    coalesce(s.walked, false) AS walked,
    coalesce(s.in_hour, 0) AS in_hour,
    coalesce(s.in_day >= 5 AND c.people > 1, false) AS campaign
FROM marked AS m
LEFT JOIN strayed AS s USING (person, enterprise, day)
LEFT JOIN (
    SELECT m.organisation, count(DISTINCT s.person) AS people
    FROM strayed AS s JOIN marked AS m USING (person, enterprise, day)
    WHERE s.in_day >= 5 AND NOT m.tied
    GROUP BY m.organisation
) AS c USING (organisation)

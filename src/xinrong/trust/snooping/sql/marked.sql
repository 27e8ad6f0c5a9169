-- The visits of one week ($first to $last), each with what speaks for and against it.
-- $from is the first day of the history, $until the last day that is known ($last + grace).
CREATE OR REPLACE TEMP TABLE marked AS
WITH times AS (
    SELECT institution, enterprise, person, organisation, count(*) AS visits, min(day) AS since
    FROM visits
    WHERE day >= $from AND NOT denied
    GROUP BY institution, enterprise, person, organisation
),
-- Who works with an enterprise: whoever of the institution looks at it most.
handlers AS (
    SELECT
        institution, enterprise,
        arg_max(person, (visits, -epoch(since::TIMESTAMP), -person)) AS handler,
        arg_max(organisation, (visits, -epoch(since::TIMESTAMP), -person)) AS home
    FROM times
    GROUP BY institution, enterprise
),
week AS (
    SELECT * FROM visits WHERE day BETWEEN $first AND $last
),
-- Business: a consent that was asked for or granted, then or within the time of grace.
business AS (
    SELECT DISTINCT w.person, w.enterprise, w.day
    FROM week AS w JOIN ties AS t USING (institution, enterprise)
    WHERE t.since <= w.day + $grace AND w.day < t.until
),
present AS (
    SELECT DISTINCT person, day FROM visits
    WHERE day BETWEEN $first - 3 AND $last + 3
),
-- How many of the institution looked in that hour, and how many people on that day at all.
hours AS (
    SELECT institution, day, hour(moment) AS hour, count(DISTINCT person) AS people
    FROM week GROUP BY ALL
),
days AS (
    SELECT day, count(DISTINCT person) AS people FROM visits
    WHERE day BETWEEN $first - 28 AND $last GROUP BY day
),
usual AS (
    SELECT quantile_disc(people, 0.6) AS people FROM days
),
nth AS (
    SELECT person, enterprise, day,
        row_number() OVER (PARTITION BY person, enterprise ORDER BY day) AS nth,
        min(day) OVER (PARTITION BY person, enterprise) AS since
    FROM visits WHERE day BETWEEN $from AND $last
),
ended AS (
    SELECT DISTINCT w.person, w.enterprise, w.day
    FROM week AS w JOIN ends AS e USING (institution, enterprise)
    WHERE e.day BETWEEN w.day AND w.day + 14
)
SELECT
    w.*,
    b.person IS NOT NULL AS tied,
    coalesce(h.handler = w.person, false) AS own,
    h.handler, h.home,
    n.nth, date_diff('day', n.since, w.day) AS spread,
    EXISTS (
        SELECT 1 FROM present AS p
        WHERE p.person = h.handler AND p.day BETWEEN w.day - 2 AND w.day + 2
    ) AS handler_there,
    (hour(w.moment) * 60 + minute(w.moment) NOT BETWEEN $opens AND $closes
        OR d.people < 0.25 * u.people) AND o.people <= $alone AS lonely,
    e.person IS NOT NULL AS ended,
    f.by_code, f.by_name
FROM week AS w
LEFT JOIN business AS b USING (person, enterprise, day)
LEFT JOIN handlers AS h USING (institution, enterprise)
JOIN nth AS n USING (person, enterprise, day)
JOIN hours AS o ON o.institution = w.institution AND o.day = w.day AND o.hour = hour(w.moment)
JOIN days AS d ON d.day = w.day
CROSS JOIN usual AS u
LEFT JOIN ended AS e USING (person, enterprise, day)
LEFT JOIN firms AS f USING (enterprise)

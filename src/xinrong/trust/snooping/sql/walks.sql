-- Looks outside one's own business, with how near they lie to those before in the register.
CREATE OR REPLACE TEMP TABLE strayed AS
WITH off AS (
    SELECT person, enterprise, day, moment, by_code, by_name FROM marked
    WHERE NOT (tied AND own) OR denied
    UNION ALL
    SELECT person, enterprise, day, moment, by_code, by_name FROM recent
    WHERE day >= $first - $reach
),
placed AS (
    SELECT *,
        list(by_code) OVER before AS codes,
        list(by_name) OVER before AS names,
        count(*) OVER (
            PARTITION BY person ORDER BY moment
            RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND CURRENT ROW
        ) AS in_hour,
        count(*) OVER (PARTITION BY person, day) AS in_day
    FROM off
    WINDOW before AS (PARTITION BY person ORDER BY moment, enterprise
        ROWS BETWEEN $steps PRECEDING AND 1 PRECEDING)
)
SELECT person, enterprise, day, moment, by_code, by_name, in_hour, in_day,
    coalesce(len(list_filter(codes, lambda one: by_code - one BETWEEN 1 AND $near)) > 0
        OR len(list_filter(names, lambda one: by_name - one BETWEEN 1 AND $near)) > 0, false)
        AS walked
FROM placed
WHERE day >= $first

-- A visit: one person looks at one enterprise on one day, however many pages were opened.
INSERT INTO visits
SELECT
    person,
    arg_min(organisation, moment) AS organisation,
    arg_min(institution, moment) AS institution,
    arg_min(role, moment) AS role,
    enterprise,
    CAST(moment AS DATE) AS day,
    min(moment) AS moment,
    bool_and(outcome <> 'released') AS denied,
    list(row_id ORDER BY row_id) AS row_ids
FROM incoming
GROUP BY person, enterprise, CAST(moment AS DATE)

-- One departmental file in PostgreSQL: staged as text, judged, compared with what is stored,
-- written, with its quarantine, its references of re-sent rows and its receipt. The statements
-- run in one transaction after COPY into `staging`; every distinct code and day is read once.

CREATE TEMP TABLE code ON COMMIT DROP AS
SELECT sent, fixed, sent IN ('', '/', '无', '暂无') AS empty, coalesce(
    fixed ~ '^[1-9ANY][0-9A-HJ-NP-RTUWXY][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$'
    AND fixed NOT IN ('111111111111111111', '123456789012345678')
    AND (31 - (
        SELECT sum((3 ^ (place - 1))::numeric % 31
            * (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(fixed, place, 1)) - 1))
        FROM generate_series(1, 17) AS place
    ) % 31) % 31 = strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(fixed, 18, 1)) - 1,
    false) AS lawful
FROM (
    SELECT sent, translate(upper(translate(btrim(sent, ' 　'),
        '０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＸＹ',
        '0123456789ABCDEFGHJKLMNPQRTUWXY')), 'OI', '01') AS fixed
    FROM (SELECT DISTINCT coalesce(code, '') AS sent FROM staging) AS each
) AS folded;
CREATE INDEX ON code (sent);
ANALYZE code;

CREATE TEMP TABLE day ON COMMIT DROP AS
SELECT sent, to_day(sent) AS day FROM (SELECT DISTINCT paid_on AS sent FROM staging) AS each;
ANALYZE day;

CREATE TEMP TABLE judged ON COMMIT DROP AS
SELECT row_no, subject, name, tax, period, paid_on, amount, sales, array_remove(ARRAY[
        CASE WHEN subject IS NULL THEN CASE WHEN nameless THEN 'subject_missing'
            ELSE 'code_check_digit' END END,
        CASE WHEN tax_sent IS NULL THEN 'required: tax' WHEN tax IS NULL THEN 'value: tax' END,
        CASE WHEN period IS NULL THEN 'required: period' END,
        CASE WHEN paid_sent IS NULL THEN 'required: paid_on'
            WHEN paid_on IS NULL THEN 'date_impossible: paid_on'
            WHEN paid_on > current_date THEN 'date_future: paid_on' END,
        CASE WHEN amount_sent IS NULL THEN 'required: amount'
            WHEN amount IS NULL THEN 'money_unreadable: amount' END,
        CASE WHEN sales_sent IS NOT NULL AND sales IS NULL THEN 'money_unreadable: sales' END
    ], NULL) AS problems
FROM (
    SELECT s.row_no, s.name, s.tax AS tax_sent, nullif(btrim(s.period), '') AS period,
        s.paid_on AS paid_sent, s.amount AS amount_sent, s.sales AS sales_sent,
        d.day AS paid_on, to_fen(s.amount) AS amount, to_fen(s.sales) AS sales,
        c.empty AND coalesce(btrim(s.name), '') = '' AS nameless,
        CASE WHEN c.lawful THEN 'code:' || c.fixed
            WHEN c.empty AND btrim(s.name) <> '' THEN 'name:tax:' || btrim(s.name) END AS subject,
        CASE btrim(s.tax) WHEN '增值税' THEN 'vat' WHEN '城市维护建设税及附加' THEN 'surtax'
            WHEN '企业所得税' THEN 'corporate_income_tax'
            WHEN '个人所得税（经营所得）' THEN 'individual_income_tax' END AS tax
    FROM staging AS s
    JOIN code AS c ON c.sent = coalesce(s.code, '')
    LEFT JOIN day AS d ON d.sent = s.paid_on
) AS fields;
ANALYZE judged;

INSERT INTO subject (key, name)
SELECT DISTINCT ON (subject) subject, name FROM judged WHERE problems = '{}'
ON CONFLICT (key) DO NOTHING;

CREATE TEMP TABLE candidate ON COMMIT DROP AS
SELECT j.row_no, s.id AS subject, j.tax, j.period, j.paid_on, j.amount, j.sales,
    digest_of(concat_ws(chr(31), 'tax_payment', j.subject, j.tax, j.period)) AS key,
    digest_of(concat_ws(chr(31), j.paid_on, '0', j.amount, j.tax, coalesce(j.sales::text, chr(30)),
        j.period)) AS digest
FROM judged AS j JOIN subject AS s ON s.key = j.subject
WHERE j.problems = '{}';
ANALYZE candidate;

CREATE TEMP TABLE repeated ON COMMIT DROP AS
SELECT row_no, min(digest) OVER same <> max(digest) OVER same AS conflict,
    row_number() OVER (same ORDER BY row_no) AS nth
FROM candidate
WHERE key IN (SELECT key FROM candidate GROUP BY key HAVING count(*) > 1)
WINDOW same AS (PARTITION BY key);
DELETE FROM repeated WHERE NOT conflict AND nth = 1;
ANALYZE repeated;

CREATE TEMP TABLE stored ON COMMIT DROP AS
SELECT c.row_no, r.ctid AS place, r.batch, r.digest = c.digest AS same
FROM candidate AS c JOIN record AS r ON r.category = 'tax_payment' AND r.key = c.key
WHERE c.row_no NOT IN (SELECT row_no FROM repeated);
CREATE INDEX ON stored (row_no);
ANALYZE stored;

INSERT INTO quarantine (batch, row_no, problems, original)
SELECT %(batch)s, s.row_no, coalesce(nullif(j.problems, '{}'), '{conflict_in_batch}'),
    to_jsonb(s) - 'row_no'
FROM staging AS s JOIN judged AS j USING (row_no) LEFT JOIN repeated AS r USING (row_no)
WHERE j.problems <> '{}' OR r.conflict;

INSERT INTO assertion (category, key, digest, subject, batch, row_no)
SELECT 'tax_payment', c.key, c.digest, c.subject, %(batch)s, c.row_no
FROM candidate AS c JOIN stored AS t USING (row_no) WHERE t.same;

INSERT INTO dead (category, key, batch, by_batch)
SELECT 'tax_payment', c.key, t.batch, %(batch)s
FROM candidate AS c JOIN stored AS t USING (row_no) WHERE NOT t.same;

INSERT INTO record (subject, category, key, digest, event_date, polarity, amount, code, n1, t1,
    row_no, batch)
SELECT subject, 'tax_payment', key, digest, paid_on, 0, amount, tax, sales / 100.0, period,
    row_no, %(batch)s
FROM candidate
WHERE row_no NOT IN (SELECT row_no FROM stored WHERE same)
  AND row_no NOT IN (SELECT row_no FROM repeated);

INSERT INTO receipt (batch, rows_in, accepted, quarantined, duplicates)
SELECT %(batch)s, (SELECT count(*) FROM staging),
    (SELECT count(*) FROM candidate) - (SELECT count(*) FROM repeated)
        - (SELECT count(*) FROM stored WHERE same),
    (SELECT count(*) FROM judged WHERE problems <> '{}')
        + (SELECT count(*) FROM repeated WHERE conflict),
    (SELECT count(*) FROM stored WHERE same) + (SELECT count(*) FROM repeated WHERE NOT conflict);

-- The ten reference rules (bench/packs/ten_rules) as SQL. Codes, diagnoses and settlements are whole numbers, money is cents, quantities are
-- ten-thousandths; what is missing is NULL, which no condition finds. A finding: rule, settlement, subject, row of evidence, cents.
CREATE OR REPLACE TABLE findings AS
SELECT 1 AS rule, i.s, i.line AS subject, t.place AS evidence, i.amount AS cents
  FROM items i JOIN sex_only t USING (code) JOIN settlements h ON h.s = i.s WHERE h.sex <> t.sex
UNION ALL
SELECT 2, i.s, i.line, t.place, i.amount
  FROM items i JOIN age_only t USING (code) JOIN settlements h ON h.s = i.s
 WHERE NOT (year(i.day) - year(h.birth)
            - CASE WHEN month(i.day) * 100 + day(i.day)
                        < CASE WHEN month(h.birth) = 2 AND day(h.birth) = 29 AND day(last_day(make_date(year(i.day), 2, 1))) = 28
                               THEN 228 ELSE month(h.birth) * 100 + day(h.birth) END
                   THEN 1 ELSE 0 END BETWEEN t.low AND t.high)
UNION ALL
SELECT 3, i.s, i.line, t.place, i.amount
  FROM items i JOIN for_diagnosis t USING (code)
 WHERE NOT EXISTS (SELECT 1 FROM diagnoses d JOIN diagnosis_set x ON x.code = d.code WHERE d.s = i.s AND x.family = t.family)
UNION ALL
SELECT 4, s, arg_min(line, place_in_visit), NULL, sum(amount)
  FROM items JOIN once_a_day USING (code) GROUP BY s, code, day HAVING count(*) > 1
UNION ALL
SELECT 5, i.s, i.line, t.place, i.amount
  FROM items i JOIN excluded t USING (code)
 WHERE EXISTS (SELECT 1 FROM items o WHERE o.s = i.s AND o.code = t.other AND o.day = i.day)
UNION ALL
SELECT 6, s, arg_min(line, place_in_visit), any_value(place),
       sum(CASE WHEN part = quantity THEN amount ELSE (2 * amount * part + quantity) // (2 * quantity) END)
  FROM (SELECT *, least(quantity, greatest(0, running - most * 10000)) AS part
          FROM (SELECT i.*, t.most, t.place, sum(quantity) OVER (PARTITION BY s, code, day) AS whole,
                       sum(quantity) OVER (PARTITION BY s, code, day ORDER BY place_in_visit) AS running
                  FROM items i JOIN day_limit t USING (code)))
 WHERE whole > most * 10000 GROUP BY s, code, day
UNION ALL
SELECT 7, h.s, NULL, NULL, NULL
  FROM settlements h JOIN (SELECT s, sum(amount) AS amount FROM items GROUP BY s) i USING (s) WHERE h.total <> i.amount
UNION ALL
SELECT 8, s, NULL, NULL, sum(CASE WHEN part = quantity THEN amount ELSE (2 * amount * part + quantity) // (2 * quantity) END)
  FROM (SELECT *, least(quantity, greatest(0, running - stay * 10000)) AS part
          FROM (SELECT i.*, greatest(1, h.discharged - h.admitted) AS stay, sum(quantity) OVER (PARTITION BY i.s) AS whole,
                       sum(quantity) OVER (PARTITION BY i.s ORDER BY place_in_visit) AS running
                  FROM items i JOIN bed USING (code) JOIN settlements h ON h.s = i.s))
 WHERE whole > stay * 10000 GROUP BY s
UNION ALL
SELECT 9, i.s, i.line, t.place, i.amount
  FROM items i JOIN level_limit t USING (code) JOIN settlements h ON h.s = i.s WHERE h.level < t.level
UNION ALL
SELECT 10, i.s, i.line, t.place, i.amount
  FROM items i JOIN second_line t USING (code)
 WHERE NOT EXISTS (SELECT 1 FROM items o JOIN first_line f USING (code) WHERE o.s = i.s AND f.family = t.family);

-- Step counts are also numbers with a decimal comma or an exponent (http-api A.1): what the API refuses is refused over REST as well.
-- Rows that are there stay as they are: jobs judge them.
alter table public.zeitschritte
  drop constraint zeitschritte_eingabe,
  drop constraint zeitschritte_ausgabe,
  add constraint zeitschritte_eingabe check (
    case when eingabe ~ '^\s*[+-]?(\d{1,100}([.,]\d{0,100})?|[.,]\d{1,100})([eE][+-]?\d{1,2})?\s*$'
      then replace(eingabe, ',', '.')::numeric between 1 and 4096 else true end
  ) not valid,
  add constraint zeitschritte_ausgabe check (
    case when ausgabe ~ '^\s*[+-]?(\d{1,100}([.,]\d{0,100})?|[.,]\d{1,100})([eE][+-]?\d{1,2})?\s*$'
      then replace(ausgabe, ',', '.')::numeric between 1 and 4096 else true end
  ) not valid;

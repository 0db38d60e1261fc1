-- Asks for a job that is known by its name, one of which runs at a time and one of which waits at most. Where the job that
-- waited is taken in that very moment, graphile_worker.add_job adds none, and what it was asked for would be left to nobody:
-- the one that runs may have looked already. Asked again it sees that one run, and adds another behind it.
create function ask_for_job(
  task text, payload json, name text, run_at timestamptz default now(), mode text default 'replace'
) returns bigint language plpgsql as $$
declare
  job bigint;
begin
  loop
    select added.id into job from graphile_worker.add_job(
      task, payload, queue_name => name, job_key => name, job_key_mode => mode, run_at => run_at, max_attempts => 1000) added;
    if job is not null then
      return job;
    end if;
  end loop;
end $$;

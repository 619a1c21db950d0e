-- SQL of the embedded stack only, run at every start after the migrations: a user who signs up here may use everything.
-- Elsewhere a new user has no plan until a subscription is written by whoever sells it.

create or replace function public.give_enterprise_plan() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.user_subscriptions (user_id, plan_id, status, billing_cycle)
  select new.id, id, 'active', 'monthly' from public.subscription_plans where slug = 'enterprise';
  return new;
end $$;
revoke all on function public.give_enterprise_plan() from public, anon, authenticated;

create or replace trigger give_enterprise_plan after insert on auth.users
  for each row execute function public.give_enterprise_plan();

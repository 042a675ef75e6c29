DROP INDEX "events_by_authority";--> statement-breakpoint
DROP INDEX "events_application_id_index";--> statement-breakpoint
DROP INDEX "events_trial_id_index";--> statement-breakpoint
DROP INDEX "events_organization_id_index";--> statement-breakpoint
DROP INDEX "events_indication_id_index";--> statement-breakpoint
DROP INDEX "evidence_therapy_id_index";--> statement-breakpoint
DROP INDEX "evidence_trial_id_index";--> statement-breakpoint
DROP INDEX "evidence_program_id_index";--> statement-breakpoint
DROP INDEX "search_entries_parent";--> statement-breakpoint
CREATE INDEX "search_entries_sample" ON "search_entries" USING gin ("resource","terms") WITH (fastupdate=false) WHERE (uuid_hash("search_entries"."id") & 31) = 0;--> statement-breakpoint
CREATE INDEX "search_names_named" ON "search_names" USING btree ("resource","normal","entry_id") WHERE not "search_names"."is_key";--> statement-breakpoint
CREATE INDEX "events_by_authority" ON "events" USING btree ("authority_id","when","id") WHERE "events"."authority_id" is not null;--> statement-breakpoint
CREATE INDEX "events_application_id_index" ON "events" USING btree ("application_id") WHERE "events"."application_id" is not null;--> statement-breakpoint
CREATE INDEX "events_trial_id_index" ON "events" USING btree ("trial_id") WHERE "events"."trial_id" is not null;--> statement-breakpoint
CREATE INDEX "events_organization_id_index" ON "events" USING btree ("organization_id") WHERE "events"."organization_id" is not null;--> statement-breakpoint
CREATE INDEX "events_indication_id_index" ON "events" USING btree ("indication_id") WHERE "events"."indication_id" is not null;--> statement-breakpoint
CREATE INDEX "evidence_therapy_id_index" ON "evidence" USING btree ("therapy_id") WHERE "evidence"."therapy_id" is not null;--> statement-breakpoint
CREATE INDEX "evidence_trial_id_index" ON "evidence" USING btree ("trial_id") WHERE "evidence"."trial_id" is not null;--> statement-breakpoint
CREATE INDEX "evidence_program_id_index" ON "evidence" USING btree ("program_id") WHERE "evidence"."program_id" is not null;--> statement-breakpoint
CREATE INDEX "search_entries_parent" ON "search_entries" USING btree ("parent") WHERE "search_entries"."parent" is not null;
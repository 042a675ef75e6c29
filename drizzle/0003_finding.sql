CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS btree_gin;
--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
--> statement-breakpoint
CREATE TABLE "application_states" (
	"application_id" uuid NOT NULL,
	"certain" boolean NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date NOT NULL,
	"status" text,
	"submitted_on" "partial_date",
	"cleared_on" "partial_date",
	"approved_on" "partial_date",
	"goal_on" "partial_date",
	CONSTRAINT "application_states_application_id_certain_valid_from_pk" PRIMARY KEY("application_id","certain","valid_from")
);
--> statement-breakpoint
CREATE TABLE "designation_states" (
	"designation_id" uuid NOT NULL,
	"certain" boolean NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date NOT NULL,
	"program_id" uuid NOT NULL,
	"status" text,
	"granted_on" "partial_date",
	"announced_on" "partial_date",
	"holder_id" uuid,
	"current_indication_id" uuid,
	CONSTRAINT "designation_states_designation_id_certain_valid_from_pk" PRIMARY KEY("designation_id","certain","valid_from")
);
--> statement-breakpoint
CREATE TABLE "event_therapies" (
	"event_id" uuid NOT NULL,
	"therapy_id" uuid NOT NULL,
	CONSTRAINT "event_therapies_event_id_therapy_id_pk" PRIMARY KEY("event_id","therapy_id")
);
--> statement-breakpoint
CREATE TABLE "search_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"resource" text NOT NULL,
	"slug" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"parent" uuid,
	"near" uuid[] NOT NULL,
	"own" text[] NOT NULL,
	"base" "tsvector" NOT NULL,
	"terms" "tsvector" NOT NULL,
	"fields" jsonb NOT NULL,
	"texts" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_names" (
	"entry_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"resource" text NOT NULL,
	"field" text NOT NULL,
	"value" text NOT NULL,
	"normal" text collate "C" NOT NULL,
	"is_key" boolean NOT NULL,
	CONSTRAINT "search_names_entry_id_position_pk" PRIMARY KEY("entry_id","position")
);
--> statement-breakpoint
CREATE TABLE "search_state" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"rules" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_words" (
	"word" text collate "C" PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"typos" integer NOT NULL,
	"variants" integer[] NOT NULL
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "when" "partial_date" GENERATED ALWAYS AS (coalesce("on", announced_on)) STORED;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "therapy_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "program_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "authority_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "subject_indication_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "subject_organization_id" uuid;--> statement-breakpoint
ALTER TABLE "application_states" ADD CONSTRAINT "application_states_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "designation_states" ADD CONSTRAINT "designation_states_designation_id_designations_id_fk" FOREIGN KEY ("designation_id") REFERENCES "public"."designations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "event_therapies" ADD CONSTRAINT "event_therapies_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "search_names" ADD CONSTRAINT "search_names_entry_id_search_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."search_entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "application_states_by_approval" ON "application_states" USING btree ("certain","approved_on","application_id","status","valid_from","valid_to");--> statement-breakpoint
CREATE INDEX "application_states_by_clearance" ON "application_states" USING btree ("certain","cleared_on","application_id","status","valid_from","valid_to");--> statement-breakpoint
CREATE INDEX "application_states_by_status" ON "application_states" USING btree ("certain","status");--> statement-breakpoint
CREATE INDEX "designation_states_by_grant" ON "designation_states" USING btree ("certain","granted_on","designation_id","status","valid_from","valid_to");--> statement-breakpoint
CREATE INDEX "designation_states_by_program" ON "designation_states" USING btree ("certain","program_id","status","granted_on","designation_id","valid_from","valid_to");--> statement-breakpoint
CREATE INDEX "designation_states_by_holder" ON "designation_states" USING btree ("certain","holder_id");--> statement-breakpoint
CREATE INDEX "event_therapies_therapy_id_event_id_index" ON "event_therapies" USING btree ("therapy_id","event_id");--> statement-breakpoint
CREATE INDEX "search_entries_terms" ON "search_entries" USING gin ("resource","terms") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "search_entries_near" ON "search_entries" USING gin ("near") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "search_entries_parent" ON "search_entries" USING btree ("parent");--> statement-breakpoint
CREATE INDEX "search_names_normal" ON "search_names" USING btree ("normal","resource");--> statement-breakpoint
CREATE INDEX "search_names_parts" ON "search_names" USING gin ("normal" gin_trgm_ops) WITH (fastupdate=false) WHERE not "search_names"."is_key";--> statement-breakpoint
CREATE INDEX "search_words_variants" ON "search_words" USING gin ("variants") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "applications_by_number" ON "applications" USING btree (lower("number") collate "C","id");--> statement-breakpoint
CREATE INDEX "events_by_date" ON "events" USING btree ("when","id");--> statement-breakpoint
CREATE INDEX "events_by_day" ON "events" USING btree ("on","id");--> statement-breakpoint
CREATE INDEX "events_by_announcement" ON "events" USING btree ("announced_on","id");--> statement-breakpoint
CREATE INDEX "events_by_status" ON "events" USING btree ("status","when","id");--> statement-breakpoint
CREATE INDEX "events_by_program" ON "events" USING btree ("program_id","when","id");--> statement-breakpoint
CREATE INDEX "events_by_authority" ON "events" USING btree ("authority_id","when","id");--> statement-breakpoint
CREATE INDEX "events_by_subject_indication" ON "events" USING btree ("subject_indication_id","when","id");--> statement-breakpoint
CREATE INDEX "events_by_subject_organization" ON "events" USING btree ("subject_organization_id","when","id");--> statement-breakpoint
CREATE INDEX "events_anticipated" ON "events" USING btree ("when","id") WHERE "events"."anticipated";
--> statement-breakpoint
-- What the events that are there already happened to.
UPDATE "events" SET
  "therapy_id" = d."therapy_id", "program_id" = d."program_id", "subject_indication_id" = d."indication_id",
  "subject_organization_id" = d."holder_id"
FROM "designations" d WHERE d."id" = "events"."designation_id";
--> statement-breakpoint
UPDATE "events" SET
  "therapy_id" = a."therapy_id", "authority_id" = a."authority_id", "subject_indication_id" = a."indication_id",
  "subject_organization_id" = a."organization_id"
FROM "applications" a WHERE a."id" = "events"."application_id";
--> statement-breakpoint
UPDATE "events" SET "subject_organization_id" = t."sponsor_id"
FROM "trials" t WHERE t."id" = "events"."trial_id";
--> statement-breakpoint
INSERT INTO "event_therapies" ("event_id", "therapy_id")
SELECT "id", "therapy_id" FROM "events" WHERE "therapy_id" IS NOT NULL
UNION ALL
SELECT e."id", t."therapy_id" FROM "events" e JOIN "trial_therapies" t ON t."trial_id" = e."trial_id";

CREATE TABLE "applications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"therapy_id" uuid NOT NULL,
	"authority_id" uuid NOT NULL,
	"type" text NOT NULL,
	"indication_id" uuid,
	"number" text,
	"organization_id" uuid,
	"note" text,
	"status" text,
	"submitted_on" "partial_date",
	"cleared_on" "partial_date",
	"approved_on" "partial_date",
	"goal_on" "partial_date",
	CONSTRAINT "applications_slug_unique" UNIQUE("slug"),
	CONSTRAINT "applications_id_type" UNIQUE("id","type"),
	CONSTRAINT "applications_slug" CHECK ("applications"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "applications"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("applications"."slug") <= 120),
	CONSTRAINT "applications_version" CHECK ("applications"."version" >= 1),
	CONSTRAINT "applications_type" CHECK ("applications"."type" in ('IND', 'CTA', 'BLA', 'NDA', 'MAA', 'NDS', 'marketing-authorisation', 'hospital-exemption')),
	CONSTRAINT "applications_status" CHECK ("applications"."status" in ('submitted', 'accepted', 'refused', 'cleared', 'clinical-hold', 'partial-hold', 'hold-lifted', 'complete-response', 'complete-response-rescinded', 'resubmitted', 'approved', 'conditionally-approved', 'not-approved', 'withdrawn', 'revoked', 'marketing-withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "authorities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"abbreviation" text NOT NULL,
	"jurisdiction" text NOT NULL,
	"url" text,
	CONSTRAINT "authorities_slug_unique" UNIQUE("slug"),
	CONSTRAINT "authorities_name_unique" UNIQUE("name"),
	CONSTRAINT "authorities_slug" CHECK ("authorities"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "authorities"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("authorities"."slug") <= 120),
	CONSTRAINT "authorities_version" CHECK ("authorities"."version" >= 1),
	CONSTRAINT "authorities_name" CHECK (btrim("authorities"."name") <> ''),
	CONSTRAINT "authorities_abbreviation" CHECK (btrim("authorities"."abbreviation") <> ''),
	CONSTRAINT "authorities_jurisdiction" CHECK ("authorities"."jurisdiction" ~ '^[A-Z]{2}$'),
	CONSTRAINT "authorities_url" CHECK ("authorities"."url" ~ '^https?://')
);
--> statement-breakpoint
CREATE TABLE "designations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"therapy_id" uuid NOT NULL,
	"program_id" uuid NOT NULL,
	"indication_id" uuid,
	"cycle" integer NOT NULL,
	"organization_id" uuid,
	"identifiers" jsonb NOT NULL,
	"note" text,
	"status" text,
	"granted_on" "partial_date",
	"announced_on" "partial_date",
	"holder_id" uuid,
	"current_indication_id" uuid,
	CONSTRAINT "designations_slug_unique" UNIQUE("slug"),
	CONSTRAINT "designations_key" UNIQUE NULLS NOT DISTINCT("therapy_id","program_id","indication_id","cycle"),
	CONSTRAINT "designations_slug" CHECK ("designations"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "designations"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("designations"."slug") <= 120),
	CONSTRAINT "designations_version" CHECK ("designations"."version" >= 1),
	CONSTRAINT "designations_cycle" CHECK ("designations"."cycle" between 1 and 1000),
	CONSTRAINT "designations_identifiers" CHECK (jsonb_typeof("designations"."identifiers") = 'array'),
	CONSTRAINT "designations_status" CHECK ("designations"."status" in ('requested', 'granted', 'denied', 'withdrawn', 'rescinded'))
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"designation_id" uuid,
	"application_id" uuid,
	"application_type" text,
	"trial_id" uuid,
	"position" integer NOT NULL,
	"status" text NOT NULL,
	"on" "partial_date",
	"anticipated" boolean NOT NULL,
	"announced_on" "partial_date",
	"organization_id" uuid,
	"indication_id" uuid,
	"note" text,
	CONSTRAINT "events_subject" CHECK (num_nonnulls("events"."designation_id", "events"."application_id", "events"."trial_id") = 1),
	CONSTRAINT "events_application_type" CHECK (("events"."application_id" is null) = ("events"."application_type" is null)),
	CONSTRAINT "events_designation_status" CHECK ("events"."designation_id" is null or "events"."status" in ('requested', 'granted', 'denied', 'amended', 'transferred', 'withdrawn', 'rescinded')),
	CONSTRAINT "events_application_status" CHECK ("events"."application_id" is null or case
        when "events"."application_type" in ('IND', 'CTA')
        then "events"."status" in ('submitted', 'accepted', 'cleared', 'clinical-hold', 'partial-hold', 'hold-lifted', 'resubmitted', 'withdrawn')
        else "events"."status" in ('submitted', 'accepted', 'refused', 'goal-date', 'complete-response', 'complete-response-rescinded', 'resubmitted', 'approved', 'conditionally-approved', 'not-approved', 'withdrawn', 'revoked', 'marketing-withdrawn') end),
	CONSTRAINT "events_trial_status" CHECK ("events"."trial_id" is null or "events"."status" in ('registered', 'started', 'first-patient', 'interim-analysis', 'primary-completion', 'readout', 'terminated')),
	CONSTRAINT "events_goal_date_anticipated" CHECK ("events"."status" <> 'goal-date' or "events"."anticipated"),
	CONSTRAINT "events_transferred_to" CHECK ("events"."organization_id" is null or "events"."status" = 'transferred'),
	CONSTRAINT "events_amended_to" CHECK ("events"."indication_id" is null or "events"."status" = 'amended')
);
--> statement-breakpoint
CREATE TABLE "evidence" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "evidence_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_id" uuid,
	"therapy_id" uuid,
	"trial_id" uuid,
	"program_id" uuid,
	"position" integer NOT NULL,
	"source_id" uuid NOT NULL,
	"quote" text,
	"locator" text,
	CONSTRAINT "evidence_subject" CHECK (num_nonnulls("evidence"."event_id", "evidence"."therapy_id", "evidence"."trial_id", "evidence"."program_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "indications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"abbreviations" text[] NOT NULL,
	"parent_id" uuid,
	"identifiers" jsonb NOT NULL,
	CONSTRAINT "indications_slug_unique" UNIQUE("slug"),
	CONSTRAINT "indications_name_unique" UNIQUE("name"),
	CONSTRAINT "indications_slug" CHECK ("indications"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "indications"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("indications"."slug") <= 120),
	CONSTRAINT "indications_version" CHECK ("indications"."version" >= 1),
	CONSTRAINT "indications_name" CHECK (btrim("indications"."name") <> ''),
	CONSTRAINT "indications_abbreviations" CHECK (array_position("indications"."abbreviations", null) is null),
	CONSTRAINT "indications_identifiers" CHECK (jsonb_typeof("indications"."identifiers") = 'array')
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"aliases" text[] NOT NULL,
	"kind" text,
	"country" text,
	"website" text,
	"identifiers" jsonb NOT NULL,
	CONSTRAINT "organizations_slug_unique" UNIQUE("slug"),
	CONSTRAINT "organizations_name_unique" UNIQUE("name"),
	CONSTRAINT "organizations_slug" CHECK ("organizations"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "organizations"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("organizations"."slug") <= 120),
	CONSTRAINT "organizations_version" CHECK ("organizations"."version" >= 1),
	CONSTRAINT "organizations_kind" CHECK ("organizations"."kind" in ('company', 'academic', 'institute', 'hospital', 'foundation', 'nonprofit', 'government', 'person')),
	CONSTRAINT "organizations_name" CHECK (btrim("organizations"."name") <> ''),
	CONSTRAINT "organizations_aliases" CHECK (array_position("organizations"."aliases", null) is null),
	CONSTRAINT "organizations_country" CHECK ("organizations"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "organizations_website" CHECK ("organizations"."website" ~ '^https?://'),
	CONSTRAINT "organizations_identifiers" CHECK (jsonb_typeof("organizations"."identifiers") = 'array')
);
--> statement-breakpoint
CREATE TABLE "programs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"authority_id" uuid NOT NULL,
	"name" text NOT NULL,
	"abbreviation" text,
	"legal_basis" text,
	"established_on" "partial_date",
	"criteria" text[] NOT NULL,
	"benefits" text[] NOT NULL,
	"url" text,
	CONSTRAINT "programs_slug_unique" UNIQUE("slug"),
	CONSTRAINT "programs_authority_name" UNIQUE("authority_id","name"),
	CONSTRAINT "programs_slug" CHECK ("programs"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "programs"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("programs"."slug") <= 120),
	CONSTRAINT "programs_version" CHECK ("programs"."version" >= 1),
	CONSTRAINT "programs_name" CHECK (btrim("programs"."name") <> ''),
	CONSTRAINT "programs_criteria" CHECK (array_position("programs"."criteria", null) is null),
	CONSTRAINT "programs_benefits" CHECK (array_position("programs"."benefits", null) is null),
	CONSTRAINT "programs_url" CHECK ("programs"."url" ~ '^https?://')
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"url" text NOT NULL,
	"title" text NOT NULL,
	"publisher" text,
	"published_on" "partial_date",
	"kind" text NOT NULL,
	"retrieved_at" timestamp (3) with time zone,
	"digest" text,
	CONSTRAINT "sources_slug_unique" UNIQUE("slug"),
	CONSTRAINT "sources_url_unique" UNIQUE("url"),
	CONSTRAINT "sources_slug" CHECK ("sources"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "sources"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("sources"."slug") <= 120),
	CONSTRAINT "sources_version" CHECK ("sources"."version" >= 1),
	CONSTRAINT "sources_kind" CHECK ("sources"."kind" in ('press-release', 'news', 'regulator', 'registry', 'article', 'review')),
	CONSTRAINT "sources_title" CHECK (btrim("sources"."title") <> ''),
	CONSTRAINT "sources_url" CHECK ("sources"."url" ~ '^https?://'),
	CONSTRAINT "sources_digest" CHECK ("sources"."digest" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "targets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"symbol" text NOT NULL,
	"name" text,
	"aliases" text[] NOT NULL,
	"identifiers" jsonb NOT NULL,
	CONSTRAINT "targets_slug_unique" UNIQUE("slug"),
	CONSTRAINT "targets_symbol_unique" UNIQUE("symbol"),
	CONSTRAINT "targets_slug" CHECK ("targets"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "targets"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("targets"."slug") <= 120),
	CONSTRAINT "targets_version" CHECK ("targets"."version" >= 1),
	CONSTRAINT "targets_symbol" CHECK (btrim("targets"."symbol") <> ''),
	CONSTRAINT "targets_aliases" CHECK (array_position("targets"."aliases", null) is null),
	CONSTRAINT "targets_identifiers" CHECK (jsonb_typeof("targets"."identifiers") = 'array')
);
--> statement-breakpoint
CREATE TABLE "therapies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"modality" text,
	"cell_origin" text,
	"cell_source" text,
	"vector" text,
	"vector_detail" text,
	"construct" jsonb,
	"identifiers" jsonb NOT NULL,
	"stage" text,
	"summary" text,
	CONSTRAINT "therapies_slug_unique" UNIQUE("slug"),
	CONSTRAINT "therapies_slug" CHECK ("therapies"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "therapies"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("therapies"."slug") <= 120),
	CONSTRAINT "therapies_version" CHECK ("therapies"."version" >= 1),
	CONSTRAINT "therapies_modality" CHECK ("therapies"."modality" in ('car-t', 'tcr-t', 'car-nk', 'nk-cell', 'til', 'cik', 'msc', 'stem-cell', 'other-cell-therapy', 'gene-therapy', 'gene-editing', 'oncolytic-virus', 'tissue-engineered', 'platform')),
	CONSTRAINT "therapies_cell_origin" CHECK ("therapies"."cell_origin" in ('autologous', 'allogeneic', 'xenogeneic')),
	CONSTRAINT "therapies_cell_source" CHECK ("therapies"."cell_source" in ('peripheral-blood', 'cord-blood', 'bone-marrow', 'adipose', 'embryonic', 'ipsc', 'retinal', 'tumor', 'other')),
	CONSTRAINT "therapies_vector" CHECK ("therapies"."vector" in ('lentiviral', 'retroviral', 'aav', 'adenoviral', 'hsv', 'transposon', 'plasmid', 'mrna', 'lipid-nanoparticle')),
	CONSTRAINT "therapies_stage" CHECK ("therapies"."stage" in ('preclinical', 'ind', 'phase-1', 'phase-1-2', 'phase-2', 'phase-2-3', 'phase-3', 'submitted', 'approved', 'withdrawn', 'discontinued')),
	CONSTRAINT "therapies_name" CHECK (btrim("therapies"."name") <> ''),
	CONSTRAINT "therapies_construct" CHECK (jsonb_typeof("therapies"."construct") = 'object'),
	CONSTRAINT "therapies_identifiers" CHECK (jsonb_typeof("therapies"."identifiers") = 'array')
);
--> statement-breakpoint
CREATE TABLE "therapy_names" (
	"therapy_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"territory" text,
	CONSTRAINT "therapy_names_therapy_id_position_pk" PRIMARY KEY("therapy_id","position"),
	CONSTRAINT "therapy_names_name" CHECK (btrim("therapy_names"."name") <> ''),
	CONSTRAINT "therapy_names_type" CHECK ("therapy_names"."type" in ('inn', 'code', 'brand', 'abbreviation', 'synonym'))
);
--> statement-breakpoint
CREATE TABLE "therapy_organizations" (
	"therapy_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"organization_id" uuid NOT NULL,
	"role" text NOT NULL,
	"territory" text,
	CONSTRAINT "therapy_organizations_therapy_id_position_pk" PRIMARY KEY("therapy_id","position"),
	CONSTRAINT "therapy_organizations_role" CHECK ("therapy_organizations"."role" in ('sponsor', 'developer', 'partner', 'licensor', 'licensee', 'investigator', 'manufacturer'))
);
--> statement-breakpoint
CREATE TABLE "therapy_targets" (
	"therapy_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"target_id" uuid NOT NULL,
	CONSTRAINT "therapy_targets_therapy_id_target_id_pk" PRIMARY KEY("therapy_id","target_id")
);
--> statement-breakpoint
CREATE TABLE "trial_indications" (
	"trial_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"indication_id" uuid NOT NULL,
	CONSTRAINT "trial_indications_trial_id_indication_id_pk" PRIMARY KEY("trial_id","indication_id")
);
--> statement-breakpoint
CREATE TABLE "trial_therapies" (
	"trial_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"therapy_id" uuid NOT NULL,
	CONSTRAINT "trial_therapies_trial_id_therapy_id_pk" PRIMARY KEY("trial_id","therapy_id")
);
--> statement-breakpoint
CREATE TABLE "trials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"document" text DEFAULT '' NOT NULL,
	"registry" text,
	"registry_id" text,
	"acronym" text,
	"title" text,
	"phase" text,
	"pivotal" boolean,
	"status" text,
	"sponsor_id" uuid,
	"started_on" "partial_date",
	CONSTRAINT "trials_slug_unique" UNIQUE("slug"),
	CONSTRAINT "trials_registration" UNIQUE("registry","registry_id"),
	CONSTRAINT "trials_slug" CHECK ("trials"."slug" ~ '^[a-z0-9]+(?:[-:][a-z0-9]+)*$' and "trials"."slug" !~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and length("trials"."slug") <= 120),
	CONSTRAINT "trials_version" CHECK ("trials"."version" >= 1),
	CONSTRAINT "trials_registry" CHECK ("trials"."registry" in ('clinicaltrials.gov', 'eudract', 'ctis', 'chictr', 'jrct', 'umin', 'isrctn', 'ctri', 'other')),
	CONSTRAINT "trials_phase" CHECK ("trials"."phase" in ('early-1', '1', '1/2', '2', '2/3', '1/2/3', '3', '4')),
	CONSTRAINT "trials_status" CHECK ("trials"."status" in ('not-yet-recruiting', 'recruiting', 'enrolling-by-invitation', 'active-not-recruiting', 'ongoing', 'suspended', 'completed', 'terminated', 'withdrawn', 'unknown')),
	CONSTRAINT "trials_registration_whole" CHECK (("trials"."registry" is null) = ("trials"."registry_id" is null)),
	CONSTRAINT "trials_name" CHECK (btrim(coalesce("trials"."acronym", "trials"."title", "trials"."registry_id", '')) <> '')
);
--> statement-breakpoint
CREATE TABLE "former_slugs" (
	"resource" text NOT NULL,
	"slug" text NOT NULL,
	"id" uuid NOT NULL,
	CONSTRAINT "former_slugs_resource_slug_pk" PRIMARY KEY("resource","slug")
);
--> statement-breakpoint
CREATE TABLE "tombstones" (
	"id" uuid PRIMARY KEY NOT NULL,
	"resource" text NOT NULL,
	"slug" text NOT NULL,
	"deleted_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_therapy_id_therapies_id_fk" FOREIGN KEY ("therapy_id") REFERENCES "public"."therapies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_authority_id_authorities_id_fk" FOREIGN KEY ("authority_id") REFERENCES "public"."authorities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_indication_id_indications_id_fk" FOREIGN KEY ("indication_id") REFERENCES "public"."indications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "designations" ADD CONSTRAINT "designations_therapy_id_therapies_id_fk" FOREIGN KEY ("therapy_id") REFERENCES "public"."therapies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "designations" ADD CONSTRAINT "designations_program_id_programs_id_fk" FOREIGN KEY ("program_id") REFERENCES "public"."programs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "designations" ADD CONSTRAINT "designations_indication_id_indications_id_fk" FOREIGN KEY ("indication_id") REFERENCES "public"."indications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "designations" ADD CONSTRAINT "designations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "designations" ADD CONSTRAINT "designations_holder_id_organizations_id_fk" FOREIGN KEY ("holder_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "designations" ADD CONSTRAINT "designations_current_indication_id_indications_id_fk" FOREIGN KEY ("current_indication_id") REFERENCES "public"."indications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_designation_id_designations_id_fk" FOREIGN KEY ("designation_id") REFERENCES "public"."designations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_trial_id_trials_id_fk" FOREIGN KEY ("trial_id") REFERENCES "public"."trials"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_indication_id_indications_id_fk" FOREIGN KEY ("indication_id") REFERENCES "public"."indications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_application" FOREIGN KEY ("application_id","application_type") REFERENCES "public"."applications"("id","type") ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_therapy_id_therapies_id_fk" FOREIGN KEY ("therapy_id") REFERENCES "public"."therapies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_trial_id_trials_id_fk" FOREIGN KEY ("trial_id") REFERENCES "public"."trials"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_program_id_programs_id_fk" FOREIGN KEY ("program_id") REFERENCES "public"."programs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "indications" ADD CONSTRAINT "indications_parent_id_indications_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."indications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "programs" ADD CONSTRAINT "programs_authority_id_authorities_id_fk" FOREIGN KEY ("authority_id") REFERENCES "public"."authorities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "therapy_names" ADD CONSTRAINT "therapy_names_therapy_id_therapies_id_fk" FOREIGN KEY ("therapy_id") REFERENCES "public"."therapies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "therapy_organizations" ADD CONSTRAINT "therapy_organizations_therapy_id_therapies_id_fk" FOREIGN KEY ("therapy_id") REFERENCES "public"."therapies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "therapy_organizations" ADD CONSTRAINT "therapy_organizations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "therapy_targets" ADD CONSTRAINT "therapy_targets_therapy_id_therapies_id_fk" FOREIGN KEY ("therapy_id") REFERENCES "public"."therapies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "therapy_targets" ADD CONSTRAINT "therapy_targets_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trial_indications" ADD CONSTRAINT "trial_indications_trial_id_trials_id_fk" FOREIGN KEY ("trial_id") REFERENCES "public"."trials"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trial_indications" ADD CONSTRAINT "trial_indications_indication_id_indications_id_fk" FOREIGN KEY ("indication_id") REFERENCES "public"."indications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trial_therapies" ADD CONSTRAINT "trial_therapies_trial_id_trials_id_fk" FOREIGN KEY ("trial_id") REFERENCES "public"."trials"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trial_therapies" ADD CONSTRAINT "trial_therapies_therapy_id_therapies_id_fk" FOREIGN KEY ("therapy_id") REFERENCES "public"."therapies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trials" ADD CONSTRAINT "trials_sponsor_id_organizations_id_fk" FOREIGN KEY ("sponsor_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "applications_by_update" ON "applications" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "applications_by_submission" ON "applications" USING btree ("submitted_on","id");--> statement-breakpoint
CREATE INDEX "applications_by_clearance" ON "applications" USING btree ("cleared_on","id");--> statement-breakpoint
CREATE INDEX "applications_by_approval" ON "applications" USING btree ("approved_on","id");--> statement-breakpoint
CREATE INDEX "applications_by_goal" ON "applications" USING btree ("goal_on","id");--> statement-breakpoint
CREATE INDEX "applications_therapy_id_index" ON "applications" USING btree ("therapy_id");--> statement-breakpoint
CREATE INDEX "applications_authority_id_index" ON "applications" USING btree ("authority_id");--> statement-breakpoint
CREATE INDEX "applications_indication_id_index" ON "applications" USING btree ("indication_id");--> statement-breakpoint
CREATE INDEX "applications_organization_id_index" ON "applications" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "authorities_by_update" ON "authorities" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "authorities_by_name" ON "authorities" USING btree (lower("name") collate "C","id");--> statement-breakpoint
CREATE INDEX "authorities_by_abbreviation" ON "authorities" USING btree (lower("abbreviation") collate "C","id");--> statement-breakpoint
CREATE INDEX "authorities_by_jurisdiction" ON "authorities" USING btree (lower("jurisdiction") collate "C","id");--> statement-breakpoint
CREATE INDEX "designations_by_update" ON "designations" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "designations_by_grant" ON "designations" USING btree ("granted_on","id");--> statement-breakpoint
CREATE INDEX "designations_by_announcement" ON "designations" USING btree ("announced_on","id");--> statement-breakpoint
CREATE INDEX "designations_by_program" ON "designations" USING btree ("program_id","status","granted_on","id");--> statement-breakpoint
CREATE INDEX "designations_indication_id_index" ON "designations" USING btree ("indication_id");--> statement-breakpoint
CREATE INDEX "designations_organization_id_index" ON "designations" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "designations_holder_id_index" ON "designations" USING btree ("holder_id");--> statement-breakpoint
CREATE INDEX "designations_current_indication_id_index" ON "designations" USING btree ("current_indication_id");--> statement-breakpoint
CREATE INDEX "events_designation_id_index" ON "events" USING btree ("designation_id");--> statement-breakpoint
CREATE INDEX "events_application_id_index" ON "events" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "events_trial_id_index" ON "events" USING btree ("trial_id");--> statement-breakpoint
CREATE INDEX "events_organization_id_index" ON "events" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "events_indication_id_index" ON "events" USING btree ("indication_id");--> statement-breakpoint
CREATE INDEX "evidence_event_id_index" ON "evidence" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "evidence_therapy_id_index" ON "evidence" USING btree ("therapy_id");--> statement-breakpoint
CREATE INDEX "evidence_trial_id_index" ON "evidence" USING btree ("trial_id");--> statement-breakpoint
CREATE INDEX "evidence_program_id_index" ON "evidence" USING btree ("program_id");--> statement-breakpoint
CREATE INDEX "evidence_source_id_index" ON "evidence" USING btree ("source_id");--> statement-breakpoint
CREATE INDEX "indications_by_update" ON "indications" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "indications_by_name" ON "indications" USING btree (lower("name") collate "C","id");--> statement-breakpoint
CREATE INDEX "indications_parent_id_index" ON "indications" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "organizations_by_update" ON "organizations" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "organizations_by_name" ON "organizations" USING btree (lower("name") collate "C","id");--> statement-breakpoint
CREATE INDEX "organizations_by_country" ON "organizations" USING btree (lower("country") collate "C","id");--> statement-breakpoint
CREATE INDEX "programs_by_update" ON "programs" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "programs_by_name" ON "programs" USING btree (lower("name") collate "C","id");--> statement-breakpoint
CREATE INDEX "programs_by_establishment" ON "programs" USING btree ("established_on","id");--> statement-breakpoint
CREATE INDEX "programs_authority_id_index" ON "programs" USING btree ("authority_id");--> statement-breakpoint
CREATE INDEX "sources_by_update" ON "sources" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "sources_by_title" ON "sources" USING btree (lower("title") collate "C","id");--> statement-breakpoint
CREATE INDEX "sources_by_publisher" ON "sources" USING btree (lower("publisher") collate "C","id");--> statement-breakpoint
CREATE INDEX "sources_by_publication" ON "sources" USING btree ("published_on","id");--> statement-breakpoint
CREATE INDEX "targets_by_update" ON "targets" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "targets_by_symbol" ON "targets" USING btree (lower("symbol") collate "C","id");--> statement-breakpoint
CREATE INDEX "therapies_by_update" ON "therapies" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "therapies_by_name" ON "therapies" USING btree (lower("name") collate "C","id");--> statement-breakpoint
CREATE INDEX "therapy_organizations_organization_id_index" ON "therapy_organizations" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "therapy_targets_target_id_index" ON "therapy_targets" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "trial_indications_indication_id_index" ON "trial_indications" USING btree ("indication_id");--> statement-breakpoint
CREATE INDEX "trial_therapies_therapy_id_index" ON "trial_therapies" USING btree ("therapy_id");--> statement-breakpoint
CREATE INDEX "trials_by_update" ON "trials" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "trials_by_registry_id" ON "trials" USING btree (lower("registry_id") collate "C","id");--> statement-breakpoint
CREATE INDEX "trials_by_acronym" ON "trials" USING btree (lower("acronym") collate "C","id");--> statement-breakpoint
CREATE INDEX "trials_by_start" ON "trials" USING btree ("started_on","id");--> statement-breakpoint
CREATE INDEX "trials_sponsor_id_index" ON "trials" USING btree ("sponsor_id");--> statement-breakpoint
CREATE INDEX "former_slugs_id_index" ON "former_slugs" USING btree ("id");--> statement-breakpoint
CREATE INDEX "tombstones_resource_slug_index" ON "tombstones" USING btree ("resource","slug");
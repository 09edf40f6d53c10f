-- A PostgreSQL database as of the baseline, by pg_dump --no-owner --no-privileges --column-inserts: a few rows of the sample, and a key.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.api_key (
    id uuid NOT NULL,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

CREATE TABLE public.beer (
    id uuid NOT NULL,
    brewery_id uuid NOT NULL,
    style_id uuid,
    name text NOT NULL,
    name_folded text NOT NULL COLLATE pg_catalog."C",
    abv double precision,
    ibu double precision,
    srm double precision,
    description text,
    revision integer DEFAULT 1 NOT NULL,
    rating_count integer DEFAULT 0 NOT NULL,
    rating_sum integer DEFAULT 0 NOT NULL,
    rating_average double precision GENERATED ALWAYS AS (
CASE
    WHEN (rating_count > 0) THEN ((rating_sum)::double precision / (rating_count)::double precision)
    ELSE NULL::double precision
END) STORED,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT beer_rating_summary_check CHECK (((rating_count >= 0) AND ((rating_sum >= rating_count) AND (rating_sum <= (5 * rating_count)))))
);

CREATE TABLE public.brewery (
    id uuid NOT NULL,
    name text NOT NULL,
    name_folded text NOT NULL COLLATE pg_catalog."C",
    city text,
    region text,
    country text,
    place_key text NOT NULL COLLATE pg_catalog."C",
    website text,
    latitude double precision,
    longitude double precision,
    description text,
    revision integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.idempotency_record (
    principal text NOT NULL,
    mutation text NOT NULL,
    key text NOT NULL,
    input_hash bytea NOT NULL,
    outcome text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.review (
    id uuid NOT NULL,
    beer_id uuid NOT NULL,
    author text NOT NULL,
    rating integer NOT NULL,
    body text,
    principal text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT review_rating_check CHECK (((rating >= 1) AND (rating <= 5)))
);

CREATE TABLE public.seaql_migrations (
    version character varying NOT NULL,
    applied_at bigint NOT NULL
);

CREATE TABLE public.search_document (
    id uuid NOT NULL,
    kind integer NOT NULL,
    title text NOT NULL,
    context text NOT NULL,
    body text NOT NULL,
    words tsvector GENERATED ALWAYS AS (((setweight(to_tsvector('simple'::regconfig, title), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, context), 'B'::"char")) || setweight(to_tsvector('simple'::regconfig, body), 'C'::"char"))) STORED NOT NULL
);

CREATE TABLE public.style (
    id uuid NOT NULL,
    name text NOT NULL,
    name_folded text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

INSERT INTO public.api_key (id, name, secret_hash, scopes, created_at, revoked_at) VALUES ('01a20009-a230-70b4-8434-1a602079d7a1', 'baseline', '\x5114ef7db1df4b0708bd66b91cab4148e1259d33819124200c86d55d9e302ef6', 'admin', '2026-11-21 21:36:01.072594+00', NULL);

INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd104c46a599', '01a20009-a184-74a0-a646-c57a6638f217', '01a20009-a166-7118-b818-a5f42a45b833', 'Anchor Porter', 'anchor porter', 5.6, NULL, NULL, NULL, 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd0f83f83342', '01a20009-a184-74a0-a646-c57a6638f217', '01a20009-a166-7118-b818-a5fc14e38b42', 'Anchor Steam Beer', 'anchor steam beer', 4.9, NULL, NULL, 'Amber beer fermented with lager yeast at warmer, ale-like temperatures.', 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd1569089783', '01a20009-a184-74a0-a646-c57b611685c1', '01a20009-a166-7118-b818-a5ed5df17e25', 'Blind Pig IPA', 'blind pig ipa', 6.25, NULL, NULL, NULL, 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd17cccf414e', '01a20009-a184-74a0-a646-c57c7bfba7f1', NULL, 'All Day IPA', 'all day ipa', 4.7, 42, NULL, NULL, 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd187f8ebbc8', '01a20009-a184-74a0-a646-c57c7bfba7f1', '01a20009-a166-7118-b818-a5f84edd1128', 'Breakfast Stout', 'breakfast stout', 8.3, 60, NULL, 'Stout brewed with oats, chocolate and coffee.', 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd3053e71a57', '01a20009-a184-74a0-a646-c583a5d4d255', NULL, 'Avec les Bons Vœux', 'avec les bons voeux', 9.5, NULL, NULL, 'Strong blond ale first made as a New Year''s gift for customers.', 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd48dcbe6abc', '01a20009-a184-74a0-a646-c58a4f98c66c', '01a20009-a166-7118-b818-a6167bd0c43c', 'Aecht Schlenkerla Eiche', 'aecht schlenkerla eiche', 8, NULL, NULL, 'Strong Christmas beer with malt smoked over oak.', 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd46528b3f0a', '01a20009-a184-74a0-a646-c58a4f98c66c', '01a20009-a166-7118-b818-a6167bd0c43c', 'Aecht Schlenkerla Rauchbier Märzen', 'aecht schlenkerla rauchbier marzen', 5.1, NULL, NULL, 'Dark smoked lager poured at the tavern straight from the cask.', 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd47e1c3f3bb', '01a20009-a184-74a0-a646-c58a4f98c66c', '01a20009-a166-7118-b818-a6167bd0c43c', 'Aecht Schlenkerla Rauchbier Urbock', 'aecht schlenkerla rauchbier urbock', 6.5, NULL, NULL, 'Smoked bock for the autumn and winter season.', 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd4b5f0a27ee', '01a20009-a184-74a0-a646-c58b6f14db90', '01a20009-a166-7118-b818-a61372323fd1', 'Altbairisch Dunkel', 'altbairisch dunkel', 5, NULL, NULL, NULL, 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd4c304d5d73', '01a20009-a184-74a0-a646-c58b6f14db90', '01a20009-a166-7118-b818-a5ff17a89341', 'Bräuweisse', 'brauweisse', 5.1, NULL, NULL, NULL, 1, 0, 0, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');
INSERT INTO public.beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES ('01a20009-a1ab-767e-be8e-cd0d9b0f5f30', '01a20009-a184-74a0-a646-c579235e607c', '01a20009-a166-7118-b818-a5fa9b4b0e40', 'Bigfoot', 'bigfoot', 9.6, 90, NULL, 'Barley wine released as a dated vintage every year.', 1, 1, 3, '2026-11-21 21:36:00.939389+00', '2026-11-21 21:36:00.939389+00');

INSERT INTO public.brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES ('01a20009-a184-74a0-a646-c57a6638f217', 'Anchor Brewing Company', 'anchor brewing company', 'San Francisco', 'California', 'United States', 'anchor brewing company
san francisco
california
united states', NULL, 37.76, -122.4, 'San Francisco brewery that kept the steam beer tradition alive through the twentieth century. It stopped brewing in 2023.', 1, '2026-11-21 21:36:00.900447+00', '2026-11-21 21:36:00.900447+00');
INSERT INTO public.brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES ('01a20009-a184-74a0-a646-c58b6f14db90', 'Ayinger Privatbrauerei', 'ayinger privatbrauerei', 'Aying', 'Bavaria', 'Germany', 'ayinger privatbrauerei
aying
bavaria
germany', 'https://www.ayinger.de', 47.97, 11.78, 'Family-owned brewery in a village south-east of Munich.', 1, '2026-11-21 21:36:00.900447+00', '2026-11-21 21:36:00.900447+00');
INSERT INTO public.brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES ('01a20009-a184-74a0-a646-c583a5d4d255', 'Brasserie Dupont', 'brasserie dupont', 'Tourpes', 'Wallonia', 'Belgium', 'brasserie dupont
tourpes
wallonia
belgium', 'https://www.brasserie-dupont.com', NULL, NULL, 'Farm brewery in Hainaut whose saison is often cited as the benchmark of the style.', 1, '2026-11-21 21:36:00.900447+00', '2026-11-21 21:36:00.900447+00');
INSERT INTO public.brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES ('01a20009-a184-74a0-a646-c58a4f98c66c', 'Brauerei Heller-Trum (Schlenkerla)', 'brauerei heller-trum (schlenkerla)', 'Bamberg', 'Bavaria', 'Germany', 'brauerei heller-trum (schlenkerla)
bamberg
bavaria
germany', 'https://www.schlenkerla.de', 49.89, 10.89, 'Bamberg brewery and tavern that kilns its own malt over beechwood fires.', 1, '2026-11-21 21:36:00.900447+00', '2026-11-21 21:36:00.900447+00');
INSERT INTO public.brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES ('01a20009-a184-74a0-a646-c57c7bfba7f1', 'Founders Brewing Co.', 'founders brewing co.', 'Grand Rapids', 'Michigan', 'United States', 'founders brewing co.
grand rapids
michigan
united states', 'https://foundersbrewing.com', 42.96, -85.67, 'Michigan brewery founded in 1997, known for its stouts and for an early, widely sold session IPA.', 1, '2026-11-21 21:36:00.900447+00', '2026-11-21 21:36:00.900447+00');
INSERT INTO public.brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES ('01a20009-a184-74a0-a646-c57b611685c1', 'Russian River Brewing Company', 'russian river brewing company', 'Santa Rosa', 'California', 'United States', 'russian river brewing company
santa rosa
california
united states', 'https://www.russianriverbrewing.com', 38.44, -122.71, 'Sonoma County brewery known for strong, hoppy ales and for beers aged in wine barrels.', 1, '2026-11-21 21:36:00.900447+00', '2026-11-21 21:36:00.900447+00');
INSERT INTO public.brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES ('01a20009-a184-74a0-a646-c579235e607c', 'Sierra Nevada Brewing Co.', 'sierra nevada brewing co.', 'Chico', 'California', 'United States', 'sierra nevada brewing co.
chico
california
united states', 'https://sierranevada.com', 39.72, -121.81, 'Independent brewery that started in Chico in 1980. Its hop-forward pale ale became a reference point for American craft beer.', 1, '2026-11-21 21:36:00.900447+00', '2026-11-21 21:36:00.900447+00');

INSERT INTO public.review (id, beer_id, author, rating, body, principal, revision, created_at, updated_at) VALUES ('01a20009-a1e3-71a1-be32-82b479b3bd0d', '01a20009-a1ab-767e-be8e-cd0d9b0f5f30', 'Sample reviewer D', 3, 'Sample review: placeholder text for a middling rating.', 'system:sample', 1, '2026-11-21 21:36:00.995135+00', '2026-11-21 21:36:00.995135+00');

INSERT INTO public.seaql_migrations (version, applied_at) VALUES ('m20261121_000001_catalog', 1795296960);
INSERT INTO public.seaql_migrations (version, applied_at) VALUES ('m20261121_000002_access', 1795296960);
INSERT INTO public.seaql_migrations (version, applied_at) VALUES ('m20261121_000003_search', 1795296960);

INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a184-74a0-a646-c57a6638f217', 2, 'anchor brewing company', 'san francisco california united states', 'san francisco brewery that kept the steam beer tradition alive through the twentieth century it stopped brewing in 2023');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a184-74a0-a646-c58b6f14db90', 2, 'ayinger privatbrauerei', 'aying bavaria germany', 'family owned brewery in a village south east of munich');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a184-74a0-a646-c583a5d4d255', 2, 'brasserie dupont', 'tourpes wallonia belgium', 'farm brewery in hainaut whose saison is often cited as the benchmark of the style');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a184-74a0-a646-c58a4f98c66c', 2, 'brauerei heller trum schlenkerla', 'bamberg bavaria germany', 'bamberg brewery and tavern that kilns its own malt over beechwood fires');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a184-74a0-a646-c57c7bfba7f1', 2, 'founders brewing co', 'grand rapids michigan united states', 'michigan brewery founded in 1997 known for its stouts and for an early widely sold session ipa');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a184-74a0-a646-c57b611685c1', 2, 'russian river brewing company', 'santa rosa california united states', 'sonoma county brewery known for strong hoppy ales and for beers aged in wine barrels');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a184-74a0-a646-c579235e607c', 2, 'sierra nevada brewing co', 'chico california united states', 'independent brewery that started in chico in 1980 its hop forward pale ale became a reference point for american craft beer');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd0d9b0f5f30', 1, 'bigfoot', 'sierra nevada brewing co american barley wine', 'barley wine released as a dated vintage every year');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd104c46a599', 1, 'anchor porter', 'anchor brewing company american porter', '');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd0f83f83342', 1, 'anchor steam beer', 'anchor brewing company california common', 'amber beer fermented with lager yeast at warmer ale like temperatures');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd1569089783', 1, 'blind pig ipa', 'russian river brewing company american ipa', '');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd17cccf414e', 1, 'all day ipa', 'founders brewing co', '');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd187f8ebbc8', 1, 'breakfast stout', 'founders brewing co oatmeal stout', 'stout brewed with oats chocolate and coffee');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd3053e71a57', 1, 'avec les bons voeux', 'brasserie dupont', 'strong blond ale first made as a new year s gift for customers');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd48dcbe6abc', 1, 'aecht schlenkerla eiche', 'brauerei heller trum schlenkerla rauchbier', 'strong christmas beer with malt smoked over oak');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd46528b3f0a', 1, 'aecht schlenkerla rauchbier marzen', 'brauerei heller trum schlenkerla rauchbier', 'dark smoked lager poured at the tavern straight from the cask');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd47e1c3f3bb', 1, 'aecht schlenkerla rauchbier urbock', 'brauerei heller trum schlenkerla rauchbier', 'smoked bock for the autumn and winter season');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd4b5f0a27ee', 1, 'altbairisch dunkel', 'ayinger privatbrauerei munich dunkel', '');
INSERT INTO public.search_document (id, kind, title, context, body) VALUES ('01a20009-a1ab-767e-be8e-cd4c304d5d73', 1, 'brauweisse', 'ayinger privatbrauerei weissbier', '');

INSERT INTO public.style (id, name, name_folded, category, revision, created_at, updated_at) VALUES ('01a20009-a166-7118-b818-a5fa9b4b0e40', 'American Barley Wine', 'american barley wine', 'Strong Ale', 1, '2026-11-21 21:36:00.870545+00', '2026-11-21 21:36:00.870545+00');
INSERT INTO public.style (id, name, name_folded, category, revision, created_at, updated_at) VALUES ('01a20009-a166-7118-b818-a5ed5df17e25', 'American IPA', 'american ipa', 'IPA', 1, '2026-11-21 21:36:00.870545+00', '2026-11-21 21:36:00.870545+00');
INSERT INTO public.style (id, name, name_folded, category, revision, created_at, updated_at) VALUES ('01a20009-a166-7118-b818-a5f42a45b833', 'American Porter', 'american porter', 'Porter', 1, '2026-11-21 21:36:00.870545+00', '2026-11-21 21:36:00.870545+00');
INSERT INTO public.style (id, name, name_folded, category, revision, created_at, updated_at) VALUES ('01a20009-a166-7118-b818-a5fc14e38b42', 'California Common', 'california common', 'Hybrid Beer', 1, '2026-11-21 21:36:00.870545+00', '2026-11-21 21:36:00.870545+00');
INSERT INTO public.style (id, name, name_folded, category, revision, created_at, updated_at) VALUES ('01a20009-a166-7118-b818-a61372323fd1', 'Munich Dunkel', 'munich dunkel', 'Dark Lager', 1, '2026-11-21 21:36:00.870545+00', '2026-11-21 21:36:00.870545+00');
INSERT INTO public.style (id, name, name_folded, category, revision, created_at, updated_at) VALUES ('01a20009-a166-7118-b818-a5f84edd1128', 'Oatmeal Stout', 'oatmeal stout', 'Stout', 1, '2026-11-21 21:36:00.870545+00', '2026-11-21 21:36:00.870545+00');
INSERT INTO public.style (id, name, name_folded, category, revision, created_at, updated_at) VALUES ('01a20009-a166-7118-b818-a6167bd0c43c', 'Rauchbier', 'rauchbier', 'Smoked Beer', 1, '2026-11-21 21:36:00.870545+00', '2026-11-21 21:36:00.870545+00');
INSERT INTO public.style (id, name, name_folded, category, revision, created_at, updated_at) VALUES ('01a20009-a166-7118-b818-a5ff17a89341', 'Weissbier', 'weissbier', 'Wheat Beer', 1, '2026-11-21 21:36:00.870545+00', '2026-11-21 21:36:00.870545+00');

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.beer
    ADD CONSTRAINT beer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.brewery
    ADD CONSTRAINT brewery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.idempotency_record
    ADD CONSTRAINT idempotency_record_pkey PRIMARY KEY (principal, mutation, key);

ALTER TABLE ONLY public.review
    ADD CONSTRAINT review_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.seaql_migrations
    ADD CONSTRAINT seaql_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.search_document
    ADD CONSTRAINT search_document_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.style
    ADD CONSTRAINT style_pkey PRIMARY KEY (id);

CREATE INDEX beer_abv_idx ON public.beer USING btree (abv, id);

CREATE INDEX beer_brewery_abv_idx ON public.beer USING btree (brewery_id, abv, id);

CREATE INDEX beer_brewery_created_idx ON public.beer USING btree (brewery_id, id);

CREATE INDEX beer_brewery_ibu_idx ON public.beer USING btree (brewery_id, ibu, id);

CREATE UNIQUE INDEX beer_brewery_name_key ON public.beer USING btree (brewery_id, name_folded);

CREATE INDEX beer_brewery_rating_idx ON public.beer USING btree (brewery_id, rating_average, id);

CREATE INDEX beer_ibu_idx ON public.beer USING btree (ibu, id);

CREATE INDEX beer_name_idx ON public.beer USING btree (name_folded, id);

CREATE INDEX beer_name_trigram_idx ON public.beer USING gin (name_folded public.gin_trgm_ops);

CREATE INDEX beer_rating_count_idx ON public.beer USING btree (rating_count);

CREATE INDEX beer_rating_idx ON public.beer USING btree (rating_average, id);

CREATE INDEX beer_srm_idx ON public.beer USING btree (srm);

CREATE INDEX beer_style_abv_idx ON public.beer USING btree (style_id, abv, id);

CREATE INDEX beer_style_created_idx ON public.beer USING btree (style_id, id);

CREATE INDEX beer_style_ibu_idx ON public.beer USING btree (style_id, ibu, id);

CREATE INDEX beer_style_name_idx ON public.beer USING btree (style_id, name_folded, id);

CREATE INDEX beer_style_rating_idx ON public.beer USING btree (style_id, rating_average, id);

CREATE INDEX brewery_city_idx ON public.brewery USING btree (city);

CREATE INDEX brewery_country_idx ON public.brewery USING btree (country, city);

CREATE INDEX brewery_name_idx ON public.brewery USING btree (name_folded, id);

CREATE INDEX brewery_name_trigram_idx ON public.brewery USING gin (name_folded public.gin_trgm_ops);

CREATE UNIQUE INDEX brewery_place_key ON public.brewery USING btree (place_key);

CREATE INDEX brewery_region_idx ON public.brewery USING btree (region);

CREATE INDEX idempotency_record_created_idx ON public.idempotency_record USING btree (created_at);

CREATE INDEX review_author_idx ON public.review USING btree (author);

CREATE INDEX review_beer_created_idx ON public.review USING btree (beer_id, id);

CREATE INDEX review_beer_rating_idx ON public.review USING btree (beer_id, rating, id);

CREATE INDEX review_rating_idx ON public.review USING btree (rating, id);

CREATE INDEX search_document_trigram_idx ON public.search_document USING gin (title public.gin_trgm_ops);

CREATE INDEX search_document_words_idx ON public.search_document USING gin (words);

CREATE INDEX style_category_idx ON public.style USING btree (category);

CREATE UNIQUE INDEX style_name_category_key ON public.style USING btree (name_folded, category);

CREATE INDEX style_name_idx ON public.style USING btree (name_folded, id);

CREATE INDEX style_name_trigram_idx ON public.style USING gin (name_folded public.gin_trgm_ops);

ALTER TABLE ONLY public.beer
    ADD CONSTRAINT beer_brewery_fk FOREIGN KEY (brewery_id) REFERENCES public.brewery(id);

ALTER TABLE ONLY public.beer
    ADD CONSTRAINT beer_style_fk FOREIGN KEY (style_id) REFERENCES public.style(id);

ALTER TABLE ONLY public.review
    ADD CONSTRAINT review_beer_fk FOREIGN KEY (beer_id) REFERENCES public.beer(id);


-- The embedded database as of the baseline: schema, a few rows of the sample, and a key. FTS5 fills its own tables by the triggers.
CREATE TABLE "seaql_migrations" ( "version" varchar NOT NULL PRIMARY KEY, "applied_at" integer NOT NULL );
CREATE TABLE "style" ( "id" uuid_text NOT NULL PRIMARY KEY, "name" text NOT NULL, "name_folded" text NOT NULL, "category" text NOT NULL, "revision" integer NOT NULL DEFAULT 1, "created_at" timestamp_with_timezone_text NOT NULL, "updated_at" timestamp_with_timezone_text NOT NULL );
CREATE TABLE "brewery" ( "id" uuid_text NOT NULL PRIMARY KEY, "name" text NOT NULL, "name_folded" text NOT NULL, "city" text, "region" text, "country" text, "place_key" text NOT NULL, "website" text, "latitude" double, "longitude" double, "description" text, "revision" integer NOT NULL DEFAULT 1, "created_at" timestamp_with_timezone_text NOT NULL, "updated_at" timestamp_with_timezone_text NOT NULL );
CREATE TABLE "beer" ( "id" uuid_text NOT NULL PRIMARY KEY, "brewery_id" uuid_text NOT NULL, "style_id" uuid_text, "name" text NOT NULL, "name_folded" text NOT NULL, "abv" double, "ibu" double, "srm" double, "description" text, "revision" integer NOT NULL DEFAULT 1, "rating_count" integer NOT NULL DEFAULT 0, "rating_sum" integer NOT NULL DEFAULT 0, "rating_average" double GENERATED ALWAYS AS (CASE WHEN rating_count > 0 THEN CAST(rating_sum AS DOUBLE PRECISION) / rating_count END) STORED, "created_at" timestamp_with_timezone_text NOT NULL, "updated_at" timestamp_with_timezone_text NOT NULL, FOREIGN KEY ("brewery_id") REFERENCES "brewery" ("id"), FOREIGN KEY ("style_id") REFERENCES "style" ("id"), CONSTRAINT "beer_rating_summary_check" CHECK (rating_count >= 0 AND rating_sum BETWEEN rating_count AND 5 * rating_count) );
CREATE TABLE "review" ( "id" uuid_text NOT NULL PRIMARY KEY, "beer_id" uuid_text NOT NULL, "author" text NOT NULL, "rating" integer NOT NULL, "body" text, "principal" text NOT NULL, "revision" integer NOT NULL DEFAULT 1, "created_at" timestamp_with_timezone_text NOT NULL, "updated_at" timestamp_with_timezone_text NOT NULL, FOREIGN KEY ("beer_id") REFERENCES "beer" ("id"), CONSTRAINT "review_rating_check" CHECK (rating BETWEEN 1 AND 5) );
CREATE UNIQUE INDEX style_name_category_key ON style (name_folded, category);
CREATE INDEX style_name_idx ON style (name_folded, id);
CREATE INDEX style_category_idx ON style (category);
CREATE UNIQUE INDEX brewery_place_key ON brewery (place_key);
CREATE INDEX brewery_name_idx ON brewery (name_folded, id);
CREATE INDEX brewery_country_idx ON brewery (country, city);
CREATE INDEX brewery_region_idx ON brewery (region);
CREATE INDEX brewery_city_idx ON brewery (city);
CREATE INDEX beer_name_idx ON beer (name_folded, id);
CREATE INDEX beer_abv_idx ON beer (abv, id);
CREATE INDEX beer_ibu_idx ON beer (ibu, id);
CREATE INDEX beer_srm_idx ON beer (srm);
CREATE INDEX beer_rating_idx ON beer (rating_average, id);
CREATE INDEX beer_rating_count_idx ON beer (rating_count);
CREATE UNIQUE INDEX beer_brewery_name_key ON beer (brewery_id, name_folded);
CREATE INDEX beer_brewery_abv_idx ON beer (brewery_id, abv, id);
CREATE INDEX beer_brewery_ibu_idx ON beer (brewery_id, ibu, id);
CREATE INDEX beer_brewery_rating_idx ON beer (brewery_id, rating_average, id);
CREATE INDEX beer_brewery_created_idx ON beer (brewery_id, id);
CREATE INDEX beer_style_name_idx ON beer (style_id, name_folded, id);
CREATE INDEX beer_style_abv_idx ON beer (style_id, abv, id);
CREATE INDEX beer_style_ibu_idx ON beer (style_id, ibu, id);
CREATE INDEX beer_style_rating_idx ON beer (style_id, rating_average, id);
CREATE INDEX beer_style_created_idx ON beer (style_id, id);
CREATE INDEX review_author_idx ON review (author);
CREATE INDEX review_rating_idx ON review (rating, id);
CREATE INDEX review_beer_rating_idx ON review (beer_id, rating, id);
CREATE INDEX review_beer_created_idx ON review (beer_id, id);
CREATE TABLE "api_key" ( "id" uuid_text NOT NULL PRIMARY KEY, "name" text NOT NULL, "secret_hash" blob(1) NOT NULL, "scopes" text NOT NULL, "created_at" timestamp_with_timezone_text NOT NULL, "revoked_at" timestamp_with_timezone_text );
CREATE TABLE "idempotency_record" ( "principal" text NOT NULL, "mutation" text NOT NULL, "key" text NOT NULL, "input_hash" blob(1) NOT NULL, "outcome" text NOT NULL, "created_at" timestamp_with_timezone_text NOT NULL, PRIMARY KEY ("principal", "mutation", "key") );
CREATE INDEX idempotency_record_created_idx ON idempotency_record (created_at);
CREATE TABLE search_document (
        row_id INTEGER PRIMARY KEY,
        id uuid_text NOT NULL UNIQUE,
        kind INTEGER NOT NULL,
        title TEXT NOT NULL,
        context TEXT NOT NULL,
        body TEXT NOT NULL
    );
CREATE VIRTUAL TABLE search_words USING fts5(
        title, context, body, content = 'search_document', content_rowid = 'row_id', tokenize = 'unicode61', prefix = '2 3'
    );
CREATE VIRTUAL TABLE search_trigrams USING fts5(
        title, content = 'search_document', content_rowid = 'row_id', tokenize = 'trigram'
    );
CREATE TRIGGER search_document_inserted AFTER INSERT ON search_document BEGIN
        INSERT INTO search_words (rowid, title, context, body) VALUES (new.row_id, new.title, new.context, new.body);
        INSERT INTO search_trigrams (rowid, title) VALUES (new.row_id, new.title);
    END;
CREATE TRIGGER search_document_deleted AFTER DELETE ON search_document BEGIN
        INSERT INTO search_words (search_words, rowid, title, context, body)
            VALUES ('delete', old.row_id, old.title, old.context, old.body);
        INSERT INTO search_trigrams (search_trigrams, rowid, title) VALUES ('delete', old.row_id, old.title);
    END;
CREATE TRIGGER search_document_updated AFTER UPDATE ON search_document BEGIN
        INSERT INTO search_words (search_words, rowid, title, context, body)
            VALUES ('delete', old.row_id, old.title, old.context, old.body);
        INSERT INTO search_trigrams (search_trigrams, rowid, title) VALUES ('delete', old.row_id, old.title);
        INSERT INTO search_words (rowid, title, context, body) VALUES (new.row_id, new.title, new.context, new.body);
        INSERT INTO search_trigrams (rowid, title) VALUES (new.row_id, new.title);
    END;
INSERT INTO seaql_migrations (version, applied_at) VALUES('m20261121_000001_catalog',1795296955);
INSERT INTO seaql_migrations (version, applied_at) VALUES('m20261121_000002_access',1795296955);
INSERT INTO seaql_migrations (version, applied_at) VALUES('m20261121_000003_search',1795296955);
INSERT INTO style (id, name, name_folded, category, revision, created_at, updated_at) VALUES(X'01a200098c1273c8a44c05d07b819ac2','American IPA','american ipa','IPA',1,'2026-11-21T21:35:55.410579+00:00','2026-11-21T21:35:55.410579+00:00');
INSERT INTO style (id, name, name_folded, category, revision, created_at, updated_at) VALUES(X'01a200098c1273c8a44c05d73a8c7f73','American Porter','american porter','Porter',1,'2026-11-21T21:35:55.410579+00:00','2026-11-21T21:35:55.410579+00:00');
INSERT INTO style (id, name, name_folded, category, revision, created_at, updated_at) VALUES(X'01a200098c1273c8a44c05db779f20b6','Oatmeal Stout','oatmeal stout','Stout',1,'2026-11-21T21:35:55.410579+00:00','2026-11-21T21:35:55.410579+00:00');
INSERT INTO style (id, name, name_folded, category, revision, created_at, updated_at) VALUES(X'01a200098c1273c8a44c05ddf02c1c07','American Barley Wine','american barley wine','Strong Ale',1,'2026-11-21T21:35:55.410579+00:00','2026-11-21T21:35:55.410579+00:00');
INSERT INTO style (id, name, name_folded, category, revision, created_at, updated_at) VALUES(X'01a200098c1273c8a44c05df40a8ade7','California Common','california common','Hybrid Beer',1,'2026-11-21T21:35:55.410579+00:00','2026-11-21T21:35:55.410579+00:00');
INSERT INTO style (id, name, name_folded, category, revision, created_at, updated_at) VALUES(X'01a200098c1273c8a44c05e26b054486','Weissbier','weissbier','Wheat Beer',1,'2026-11-21T21:35:55.410579+00:00','2026-11-21T21:35:55.410579+00:00');
INSERT INTO style (id, name, name_folded, category, revision, created_at, updated_at) VALUES(X'01a200098c1273c8a44c05f60a4f7077','Munich Dunkel','munich dunkel','Dark Lager',1,'2026-11-21T21:35:55.410579+00:00','2026-11-21T21:35:55.410579+00:00');
INSERT INTO style (id, name, name_folded, category, revision, created_at, updated_at) VALUES(X'01a200098c1273c8a44c05f9ed2fa216','Rauchbier','rauchbier','Smoked Beer',1,'2026-11-21T21:35:55.410579+00:00','2026-11-21T21:35:55.410579+00:00');
INSERT INTO brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES(X'01a200098c1a72bc8bdbb195578e1ce0','Sierra Nevada Brewing Co.','sierra nevada brewing co.','Chico','California','United States',replace('sierra nevada brewing co.\nchico\ncalifornia\nunited states','\n',char(10)),'https://sierranevada.com',39.719999999999998862,-121.81000000000000226,'Independent brewery that started in Chico in 1980. Its hop-forward pale ale became a reference point for American craft beer.',1,'2026-11-21T21:35:55.418191+00:00','2026-11-21T21:35:55.418191+00:00');
INSERT INTO brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES(X'01a200098c1a72bc8bdbb196b0d75946','Anchor Brewing Company','anchor brewing company','San Francisco','California','United States',replace('anchor brewing company\nsan francisco\ncalifornia\nunited states','\n',char(10)),NULL,37.75999999999999801,-122.40000000000000568,'San Francisco brewery that kept the steam beer tradition alive through the twentieth century. It stopped brewing in 2023.',1,'2026-11-21T21:35:55.418191+00:00','2026-11-21T21:35:55.418191+00:00');
INSERT INTO brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES(X'01a200098c1a72bc8bdbb1979af888b5','Russian River Brewing Company','russian river brewing company','Santa Rosa','California','United States',replace('russian river brewing company\nsanta rosa\ncalifornia\nunited states','\n',char(10)),'https://www.russianriverbrewing.com',38.439999999999997725,-122.70999999999999374,'Sonoma County brewery known for strong, hoppy ales and for beers aged in wine barrels.',1,'2026-11-21T21:35:55.418191+00:00','2026-11-21T21:35:55.418191+00:00');
INSERT INTO brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES(X'01a200098c1a72bc8bdbb198c718e52f','Founders Brewing Co.','founders brewing co.','Grand Rapids','Michigan','United States',replace('founders brewing co.\ngrand rapids\nmichigan\nunited states','\n',char(10)),'https://foundersbrewing.com',42.96000000000000085,-85.670000000000001705,'Michigan brewery founded in 1997, known for its stouts and for an early, widely sold session IPA.',1,'2026-11-21T21:35:55.418191+00:00','2026-11-21T21:35:55.418191+00:00');
INSERT INTO brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES(X'01a200098c1a72bc8bdbb19f31b39d8d','Brasserie Dupont','brasserie dupont','Tourpes','Wallonia','Belgium',replace('brasserie dupont\ntourpes\nwallonia\nbelgium','\n',char(10)),'https://www.brasserie-dupont.com',NULL,NULL,'Farm brewery in Hainaut whose saison is often cited as the benchmark of the style.',1,'2026-11-21T21:35:55.418191+00:00','2026-11-21T21:35:55.418191+00:00');
INSERT INTO brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES(X'01a200098c1a72bc8bdbb1a605c28014','Brauerei Heller-Trum (Schlenkerla)','brauerei heller-trum (schlenkerla)','Bamberg','Bavaria','Germany',replace('brauerei heller-trum (schlenkerla)\nbamberg\nbavaria\ngermany','\n',char(10)),'https://www.schlenkerla.de',49.89000000000000057,10.890000000000000568,'Bamberg brewery and tavern that kilns its own malt over beechwood fires.',1,'2026-11-21T21:35:55.418191+00:00','2026-11-21T21:35:55.418191+00:00');
INSERT INTO brewery (id, name, name_folded, city, region, country, place_key, website, latitude, longitude, description, revision, created_at, updated_at) VALUES(X'01a200098c1a72bc8bdbb1a71984b027','Ayinger Privatbrauerei','ayinger privatbrauerei','Aying','Bavaria','Germany',replace('ayinger privatbrauerei\naying\nbavaria\ngermany','\n',char(10)),'https://www.ayinger.de',47.969999999999998864,11.77999999999999936,'Family-owned brewery in a village south-east of Munich.',1,'2026-11-21T21:35:55.418191+00:00','2026-11-21T21:35:55.418191+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea1d30163a43e',X'01a200098c1a72bc8bdbb195578e1ce0',X'01a200098c1273c8a44c05ddf02c1c07','Bigfoot','bigfoot',9.5999999999999996447,90.0,NULL,'Barley wine released as a dated vintage every year.',1,1,3,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea1d5bf76d9df',X'01a200098c1a72bc8bdbb196b0d75946',X'01a200098c1273c8a44c05df40a8ade7','Anchor Steam Beer','anchor steam beer',4.9000000000000003552,NULL,NULL,'Amber beer fermented with lager yeast at warmer, ale-like temperatures.',1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea1d632cc8bfc',X'01a200098c1a72bc8bdbb196b0d75946',X'01a200098c1273c8a44c05d73a8c7f73','Anchor Porter','anchor porter',5.5999999999999996447,NULL,NULL,NULL,1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea1db9fc4d9ed',X'01a200098c1a72bc8bdbb1979af888b5',X'01a200098c1273c8a44c05d07b819ac2','Blind Pig IPA','blind pig ipa',6.25,NULL,NULL,NULL,1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea1ddc473f071',X'01a200098c1a72bc8bdbb198c718e52f',NULL,'All Day IPA','all day ipa',4.7000000000000001776,42.0,NULL,NULL,1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea1dea5252f40',X'01a200098c1a72bc8bdbb198c718e52f',X'01a200098c1273c8a44c05db779f20b6','Breakfast Stout','breakfast stout',8.3000000000000007105,60.0,NULL,'Stout brewed with oats, chocolate and coffee.',1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea1f6554c068e',X'01a200098c1a72bc8bdbb19f31b39d8d',NULL,'Avec les Bons Vœux','avec les bons voeux',9.5,NULL,NULL,'Strong blond ale first made as a New Year''s gift for customers.',1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea20c8359ce92',X'01a200098c1a72bc8bdbb1a605c28014',X'01a200098c1273c8a44c05f9ed2fa216','Aecht Schlenkerla Rauchbier Märzen','aecht schlenkerla rauchbier marzen',5.0999999999999996447,NULL,NULL,'Dark smoked lager poured at the tavern straight from the cask.',1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea20d51d8e053',X'01a200098c1a72bc8bdbb1a605c28014',X'01a200098c1273c8a44c05f9ed2fa216','Aecht Schlenkerla Rauchbier Urbock','aecht schlenkerla rauchbier urbock',6.5,NULL,NULL,'Smoked bock for the autumn and winter season.',1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea20e8570db91',X'01a200098c1a72bc8bdbb1a605c28014',X'01a200098c1273c8a44c05f9ed2fa216','Aecht Schlenkerla Eiche','aecht schlenkerla eiche',8.0,NULL,NULL,'Strong Christmas beer with malt smoked over oak.',1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea211ef11f248',X'01a200098c1a72bc8bdbb1a71984b027',X'01a200098c1273c8a44c05f60a4f7077','Altbairisch Dunkel','altbairisch dunkel',5.0,NULL,NULL,NULL,1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO beer (id, brewery_id, style_id, name, name_folded, abv, ibu, srm, description, revision, rating_count, rating_sum, created_at, updated_at) VALUES(X'01a200098c317086943ea212a3203fdc',X'01a200098c1a72bc8bdbb1a71984b027',X'01a200098c1273c8a44c05e26b054486','Bräuweisse','brauweisse',5.0999999999999996447,NULL,NULL,NULL,1,0,0,'2026-11-21T21:35:55.441525+00:00','2026-11-21T21:35:55.441525+00:00');
INSERT INTO review (id, beer_id, author, rating, body, principal, revision, created_at, updated_at) VALUES(X'01a200098c99739a958898bcb1835e58',X'01a200098c317086943ea1d30163a43e','Sample reviewer D',3,'Sample review: placeholder text for a middling rating.','system:sample',1,'2026-11-21T21:35:55.544945+00:00','2026-11-21T21:35:55.544945+00:00');
INSERT INTO api_key (id, name, secret_hash, scopes, created_at, revoked_at) VALUES(X'01a200098cfd766694776bc9f7f6aa4f','baseline',X'2488e6c627245a0a2ec38dd8cff68f6dbe3da440195cef3245c0c202f261bbff','admin','2026-11-21T21:35:55.645935+00:00',NULL);
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(1,X'01a200098c1a72bc8bdbb195578e1ce0',2,'sierra nevada brewing co','chico california united states','independent brewery that started in chico in 1980 its hop forward pale ale became a reference point for american craft beer');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(2,X'01a200098c1a72bc8bdbb196b0d75946',2,'anchor brewing company','san francisco california united states','san francisco brewery that kept the steam beer tradition alive through the twentieth century it stopped brewing in 2023');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(3,X'01a200098c1a72bc8bdbb1979af888b5',2,'russian river brewing company','santa rosa california united states','sonoma county brewery known for strong hoppy ales and for beers aged in wine barrels');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(4,X'01a200098c1a72bc8bdbb198c718e52f',2,'founders brewing co','grand rapids michigan united states','michigan brewery founded in 1997 known for its stouts and for an early widely sold session ipa');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(11,X'01a200098c1a72bc8bdbb19f31b39d8d',2,'brasserie dupont','tourpes wallonia belgium','farm brewery in hainaut whose saison is often cited as the benchmark of the style');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(18,X'01a200098c1a72bc8bdbb1a605c28014',2,'brauerei heller trum schlenkerla','bamberg bavaria germany','bamberg brewery and tavern that kilns its own malt over beechwood fires');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(19,X'01a200098c1a72bc8bdbb1a71984b027',2,'ayinger privatbrauerei','aying bavaria germany','family owned brewery in a village south east of munich');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(46,X'01a200098c317086943ea1d30163a43e',1,'bigfoot','sierra nevada brewing co american barley wine','barley wine released as a dated vintage every year');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(48,X'01a200098c317086943ea1d5bf76d9df',1,'anchor steam beer','anchor brewing company california common','amber beer fermented with lager yeast at warmer ale like temperatures');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(49,X'01a200098c317086943ea1d632cc8bfc',1,'anchor porter','anchor brewing company american porter','');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(54,X'01a200098c317086943ea1db9fc4d9ed',1,'blind pig ipa','russian river brewing company american ipa','');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(56,X'01a200098c317086943ea1ddc473f071',1,'all day ipa','founders brewing co','');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(57,X'01a200098c317086943ea1dea5252f40',1,'breakfast stout','founders brewing co oatmeal stout','stout brewed with oats chocolate and coffee');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(81,X'01a200098c317086943ea1f6554c068e',1,'avec les bons voeux','brasserie dupont','strong blond ale first made as a new year s gift for customers');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(103,X'01a200098c317086943ea20c8359ce92',1,'aecht schlenkerla rauchbier marzen','brauerei heller trum schlenkerla rauchbier','dark smoked lager poured at the tavern straight from the cask');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(104,X'01a200098c317086943ea20d51d8e053',1,'aecht schlenkerla rauchbier urbock','brauerei heller trum schlenkerla rauchbier','smoked bock for the autumn and winter season');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(105,X'01a200098c317086943ea20e8570db91',1,'aecht schlenkerla eiche','brauerei heller trum schlenkerla rauchbier','strong christmas beer with malt smoked over oak');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(108,X'01a200098c317086943ea211ef11f248',1,'altbairisch dunkel','ayinger privatbrauerei munich dunkel','');
INSERT INTO search_document (row_id, id, kind, title, context, body) VALUES(109,X'01a200098c317086943ea212a3203fdc',1,'brauweisse','ayinger privatbrauerei weissbier','');

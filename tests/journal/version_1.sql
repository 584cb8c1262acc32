BEGIN TRANSACTION;
CREATE TABLE thermogate_entries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	event_id VARCHAR(255) NOT NULL, 
	device VARCHAR(255) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	"key" VARCHAR(500) NOT NULL, 
	fingerprint VARCHAR(64), 
	at BIGINT NOT NULL, 
	received_at BIGINT NOT NULL, 
	live BOOLEAN NOT NULL, 
	caught_up BOOLEAN NOT NULL, 
	outcome VARCHAR(255) NOT NULL, 
	subject_id INTEGER NOT NULL, 
	temperature FLOAT, 
	details TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	UNIQUE (fingerprint), 
	FOREIGN KEY(subject_id) REFERENCES thermogate_subjects (id)
);
INSERT INTO "thermogate_entries" VALUES(1,'event-1','front door','access','key-1','b95fe8b6cbadf95233ebe02b1d597e282fd0171831ea14212385342064618aca',1777636860000000,1777636860000000,1,0,'granted',1,NULL,'{}',331);
INSERT INTO "thermogate_entries" VALUES(2,'event-2','front door','access','key-2','555ecb2a65311175caaff8a6357c8c4d7460263180c8625df8fc9eb8394cb138',1777636920000000,1777636920000000,1,0,'granted',1,36.6,'{"score":97}',341);
CREATE TABLE thermogate_entry_pictures (
	entry_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	role VARCHAR(255) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	PRIMARY KEY (entry_id, position), 
	FOREIGN KEY(entry_id) REFERENCES thermogate_entries (id), 
	FOREIGN KEY(name) REFERENCES thermogate_pictures (name)
);
INSERT INTO "thermogate_entry_pictures" VALUES(2,0,'face','61640edcc9d8b8c1e29463de5a9f5f47fba1ad2d08c735bcaf996bfd91609d96.jpg');
CREATE TABLE thermogate_pictures (
	name VARCHAR(80) NOT NULL, 
	size BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "thermogate_pictures" VALUES('61640edcc9d8b8c1e29463de5a9f5f47fba1ad2d08c735bcaf996bfd91609d96.jpg',11);
CREATE TABLE thermogate_subjects (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(16) NOT NULL, 
	person_id VARCHAR(255) NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	folded VARCHAR(1500) NOT NULL, 
	UNIQUE (kind, person_id, name)
);
INSERT INTO "thermogate_subjects" VALUES(1,'access','1001','Ada','ada');
CREATE TABLE thermogate_version (
	version INTEGER NOT NULL
);
INSERT INTO "thermogate_version" VALUES(1);
CREATE INDEX thermogate_entries_subject_id ON thermogate_entries (subject_id, at, id);
CREATE INDEX ix_thermogate_entries_received_at ON thermogate_entries (received_at);
CREATE INDEX thermogate_entries_outcome ON thermogate_entries (outcome, at, id);
CREATE INDEX thermogate_entries_kind ON thermogate_entries (kind, at, id);
CREATE INDEX thermogate_entries_at ON thermogate_entries (at, id);
CREATE INDEX thermogate_entries_device ON thermogate_entries (device, at, id);
CREATE INDEX thermogate_entries_temperature ON thermogate_entries (temperature) WHERE temperature IS NOT NULL;
CREATE INDEX thermogate_entries_event ON thermogate_entries (event_id, id);
CREATE INDEX ix_thermogate_entry_pictures_name ON thermogate_entry_pictures (name);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('thermogate_subjects',1);
INSERT INTO "sqlite_sequence" VALUES('thermogate_entries',2);
COMMIT;

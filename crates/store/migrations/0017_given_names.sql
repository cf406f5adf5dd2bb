-- Names that stand in tokens, consents and configurations elsewhere, each with the project that it was given to. A name
-- stays here when what bore it is deleted: nobody else gets it (security.md, lesson 29). The project that had it may give
-- the names of its APIs and scopes again; projects and apps never come back. Apps that are documents own their URL.

CREATE TABLE given_names (
    kind ${text} NOT NULL,
    name ${text} NOT NULL,
    project ${text} NOT NULL,
    PRIMARY KEY (kind, name)
)${small};

INSERT INTO given_names (kind, name, project) SELECT 'project', id, id FROM projects;
INSERT INTO given_names (kind, name, project) SELECT 'api', identifier, project FROM apis;
INSERT INTO given_names (kind, name, project)
    SELECT 'scope', api_scopes.name, apis.project FROM api_scopes JOIN apis ON apis.id = api_scopes.api;
INSERT INTO given_names (kind, name, project) SELECT 'client', id, project FROM clients WHERE source <> 'document';

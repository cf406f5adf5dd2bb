-- Sign-ins of people of workforces in their browsers. What their issuer said is sealed; codes and refresh tokens have no
-- rows: they are sealed around the id.

CREATE TABLE workforce_sign_ins (
    id ${bytes} NOT NULL PRIMARY KEY,
    provider ${text} NOT NULL REFERENCES workload_providers (name) ON DELETE CASCADE,
    subject ${text} NOT NULL,
    client ${text} NOT NULL,
    scope ${text} NOT NULL,
    claims ${bytes} NOT NULL,
    redirect ${bytes} NOT NULL,
    challenge ${text} NOT NULL,
    created ${int} NOT NULL,
    code_ends ${int} NOT NULL,
    ends ${int} NOT NULL,
    redeemed ${int},
    ended_since ${int},
    ended_why ${text}
)${table};
CREATE INDEX workforce_sign_ins_of_provider ON workforce_sign_ins (provider, id);
CREATE INDEX workforce_sign_ins_by_end ON workforce_sign_ins (ends);
CREATE INDEX workforce_sign_ins_by_code ON workforce_sign_ins (code_ends);

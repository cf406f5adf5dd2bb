//! Keys, JWS, JWT, JWKS and thumbprints over aws-lc-rs; the algorithm belongs to the key.

//! Redirect URIs that were refused: the last ones of each app.

use carnet_core::record::Near;
use carnet_core::record::RefusedRedirect;
use carnet_wire::redirect_uri::Difference;

use crate::row::Decoded;
use crate::row::Fields;
use crate::row::words;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

statements! {
    /// Adds to the count; touches nothing where the app is gone. Whoever writes holds the app.
    REFUSED = "INSERT INTO refused_redirects
            (client, uri, registered, difference, first_refused, last_refused, refusals)
        SELECT id, $2, $3, $4, CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($7 AS BIGINT)
        FROM clients WHERE id = $1
        ON CONFLICT (client, uri) DO UPDATE SET
            registered = excluded.registered,
            difference = excluded.difference,
            last_refused = CASE WHEN excluded.last_refused >= refused_redirects.last_refused
                THEN excluded.last_refused ELSE refused_redirects.last_refused END,
            refusals = refused_redirects.refusals + excluded.refusals";
    /// What is near to a registered one stays longest.
    TRIM = "DELETE FROM refused_redirects WHERE client = $1 AND uri NOT IN
        (SELECT uri FROM refused_redirects WHERE client = $1
            ORDER BY difference IS NULL, last_refused DESC, uri LIMIT $2)";
    LIST = "SELECT client, uri, registered, difference, first_refused, last_refused, refusals
        FROM refused_redirects WHERE client = $1 ORDER BY last_refused DESC, uri";
}

words!(word, difference, Difference {
    TrailingSlash = "trailing_slash",
    Scheme = "scheme",
    Port = "port",
    Case = "case",
    Encoding = "encoding",
    LoopbackName = "loopback_name",
    Host = "host",
    Path = "path",
    Query = "query",
    Fragment = "fragment",
});

pub(crate) fn write(row: &RefusedRedirect) -> Vec<Param> {
    let (registered, difference) = match &row.near {
        Some(near) => (Some(near.registered.as_str()), Some(word(near.difference))),
        None => (None, None),
    };
    params![
        &row.client,
        row.uri.as_str(),
        registered,
        difference,
        row.first,
        row.last,
        row.count,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<RefusedRedirect> {
    let (client, uri) = (row.parsed()?, row.text()?.to_owned());
    let near = match (row.maybe_text()?, row.maybe_text()?) {
        (Some(registered), Some(word)) => Some(Near {
            registered: registered.to_owned(),
            difference: difference(word).ok_or_else(|| row.unreadable())?,
        }),
        _ => None,
    };
    Ok(RefusedRedirect {
        client,
        uri,
        near,
        first: row.time()?,
        last: row.time()?,
        count: row.int()?,
    })
}

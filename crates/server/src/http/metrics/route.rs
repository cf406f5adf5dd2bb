//! The route of a request as a label: the pattern and never the path, so that there are no more
//! series than routes.

use std::cmp::Ordering;

/// A number for a route.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Route(pub(super) usize);

/// The routes of a listener, as axum writes them: `/e/{code}`, `/files/{*rest}`.
#[derive(Debug)]
pub struct Routes {
    patterns: Vec<&'static str>,
    /// Those without a variable part, in the order of [`compare`].
    exact: Vec<(&'static str, usize)>,
    /// Those with a variable part, each as its segments.
    shaped: Vec<(Vec<&'static str>, usize)>,
}

impl Routes {
    /// These routes. What fits none of them has the label `other`.
    #[must_use]
    pub fn new(patterns: impl IntoIterator<Item = &'static str>) -> Self {
        let (exact, shaped) = (Vec::new(), Vec::new());
        let mut routes = Self {
            patterns: vec!["other"],
            exact,
            shaped,
        };
        for pattern in patterns {
            let number = routes.patterns.len();
            routes.patterns.push(pattern);
            if pattern.contains('{') {
                routes.shaped.push((pattern.split('/').collect(), number));
            } else {
                routes.exact.push((pattern, number));
            }
        }
        routes
            .exact
            .sort_by(|(one, _), (other, _)| compare(one, other));
        routes
    }

    /// The route that a path takes.
    #[must_use]
    pub fn of(&self, path: &str) -> Route {
        let exact = self
            .exact
            .binary_search_by(|(known, _)| compare(known, path));
        if let Some((_, number)) = exact.ok().and_then(|at| self.exact.get(at)) {
            return Route(*number);
        }
        let fitting = self
            .shaped
            .iter()
            .find(|(segments, _)| fits(segments, path));
        Route(fitting.map_or(0, |(_, number)| *number))
    }

    pub(super) fn pattern(&self, route: Route) -> &'static str {
        self.patterns.get(route.0).copied().unwrap_or("other")
    }

    pub(super) fn len(&self) -> usize {
        self.patterns.len()
    }
}

/// By length first: paths of different lengths need not be read.
fn compare(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

impl Default for Routes {
    fn default() -> Self {
        Self::new([])
    }
}

fn fits(segments: &[&str], path: &str) -> bool {
    let mut parts = path.split('/');
    for segment in segments {
        if segment.starts_with("{*") {
            return parts.next().is_some_and(|part| !part.is_empty());
        }
        let Some(part) = parts.next() else {
            return false;
        };
        let (before, after) = match (segment.find('{'), segment.rfind('}')) {
            (Some(open), Some(close)) => (
                segment.get(..open).unwrap_or(""),
                segment.get(close + 1..).unwrap_or(""),
            ),
            _ if part == *segment => continue,
            _ => return false,
        };
        let middle = part
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        if middle.is_none_or(str::is_empty) {
            return false;
        }
    }
    parts.next().is_none()
}

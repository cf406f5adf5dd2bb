//! What the form says, field by field.

use std::str::FromStr;

use carnet_core::value::DomainName;
use carnet_core::value::Email;
use carnet_core::value::ProjectId;
use carnet_core::value::Title;
use carnet_pages::Field;
use carnet_pages::FieldProblem;
use carnet_pages::Problem;
use carnet_pages::SetupForm;
use carnet_wire::params::Params;

/// The longest field that is looked at.
const LONGEST: usize = 254;

/// A form in which everything is in order.
pub(super) struct Wanted {
    pub(super) token: String,
    pub(super) organization: Title,
    pub(super) domain: DomainName,
    pub(super) project: ProjectId,
    pub(super) email: Email,
}

impl Wanted {
    /// Reads it; or gives it back with what is wrong, and what was typed.
    pub(super) fn read(params: &mut Params<'_>, action: String) -> Result<Self, Box<SetupForm>> {
        let mut take = |name: &str| {
            let typed = params.take(name).unwrap_or_default();
            typed.trim().chars().take(LONGEST + 1).collect::<String>()
        };
        let mut form = SetupForm {
            action,
            token: take("token"),
            organization: take("organization"),
            domain: take("domain"),
            project: take("project"),
            email: take("email"),
            problems: Vec::new(),
        };
        let mut problems = Vec::new();
        let organization = field(&form.organization, Field::Organization, &mut problems);
        let domain: Option<DomainName> = field(&form.domain, Field::Domain, &mut problems);
        let project = field(&form.project, Field::Project, &mut problems);
        let email: Option<Email> = field(&form.email, Field::Email, &mut problems);
        if let (Some(email), Some(domain)) = (&email, &domain)
            && email.domain() != domain
        {
            problems.push(FieldProblem {
                field: Field::Email,
                problem: Problem::Malformed,
            });
        }
        form.problems = problems;
        match (organization, domain, project, email) {
            (Some(organization), Some(domain), Some(project), Some(email))
                if form.problems.is_empty() =>
            {
                Ok(Self {
                    token: form.token,
                    organization,
                    domain,
                    project,
                    email,
                })
            }
            _ => Err(Box::new(form)),
        }
    }

    /// The form again, as it was typed.
    pub(super) fn into_form(self, action: String) -> SetupForm {
        SetupForm {
            action,
            token: self.token,
            organization: self.organization.to_string(),
            domain: self.domain.to_string(),
            project: self.project.to_string(),
            email: self.email.to_string(),
            problems: Vec::new(),
        }
    }
}

fn field<T: FromStr>(typed: &str, field: Field, problems: &mut Vec<FieldProblem>) -> Option<T> {
    let problem = if typed.is_empty() {
        Problem::Missing
    } else if typed.len() > LONGEST {
        Problem::TooLong { most: 254 }
    } else {
        match typed.parse() {
            Ok(value) => return Some(value),
            Err(_) => Problem::Malformed,
        }
    };
    problems.push(FieldProblem { field, problem });
    None
}

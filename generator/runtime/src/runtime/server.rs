//! Servers of an API that has several, or that has variables in their URLs.

use url::Url;

use crate::runtime::client::{ClientBuilder, Servers, Urls};
use crate::runtime::request::Request;

/// Setter of the builder that replaces the server of all operations that name no other.
const BASE_URL: &str = "base_url";

/// Server of the description.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server {
    /// Setter of the client's builder that replaces the server.
    pub setter: &'static str,
    /// URL with `{variables}`. One without a scheme is relative to the base URL.
    pub url: &'static str,
    /// Variables in the URL.
    pub variables: &'static [ServerVariable],
}

/// Variable in the URL of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerVariable {
    /// Name in the URL.
    pub name: &'static str,
    /// Setter of the client's builder.
    pub setter: &'static str,
    /// Value that the variable has by default.
    pub default: &'static str,
    /// Values that the variable can have; empty for any.
    pub values: &'static [&'static str],
}

/// Servers of an API.
#[derive(Debug)]
pub(crate) struct ServerList(pub &'static [Server]);

/// Settings of a builder: URLs of servers and values of variables, by their setters.
type Settings = [(&'static str, String)];

impl ClientBuilder {
    /// Adds the servers of the API.
    pub(crate) fn with_servers(mut self, servers: &'static ServerList) -> Self {
        self.servers = Some(servers);
        self
    }

    /// Sets the URL of a server, or the value of a variable in URLs.
    pub(crate) fn server_setting(mut self, setter: &'static str, value: impl Into<String>) -> Self {
        self.server_settings.push((setter, value.into()));
        self
    }
}

impl Request<'_> {
    /// Sends the request to a server of its own.
    pub(crate) fn server(&mut self, server: &Server) {
        let mut servers = self.core.servers.iter();
        if let Some((_, url)) = servers.find(|(setter, _)| *setter == server.setter) {
            self.base_url = url;
        }
    }
}

impl Servers for ServerList {
    /// Returns the URLs. A URL that is set precedes the base URL that is set, and the base URL precedes the URLs of
    /// the description: if a test sets only the base URL, no request goes to a server of the description.
    fn urls(&self, settings: &Settings, base_url: Option<&str>, default: &str) -> Result<Urls, String> {
        for server in self.0 {
            server.check(settings)?;
        }
        let (root, others): (Vec<&Server>, Vec<&Server>) =
            self.0.iter().partition(|server| server.setter == BASE_URL);
        let declared = root.first().map_or_else(|| default.to_owned(), |server| server.expanded(settings));
        let base = base_url.map_or(declared, str::to_owned);
        let url = |server: &Server| match (setting(settings, server.setter), server.expanded(settings)) {
            (Some(url), _) => Ok(url.to_owned()),
            (None, url) if base_url.is_some() && url.contains("://") => Ok(base.clone()),
            (None, url) if url.contains('{') => {
                Err(format!("{} must be set, since the description names only `{url}`", server.setter))
            }
            (None, url) => Ok(joined(&base, url)),
        };
        let others = others.into_iter().map(|server| Ok((server.setter, url(server)?)));
        Ok(Urls { others: others.collect::<Result<_, String>>()?, base })
    }
}

impl Server {
    /// Returns the URL with the values of its variables.
    fn expanded(&self, settings: &Settings) -> String {
        self.variables.iter().fold(self.url.to_owned(), |url, variable| {
            let value = setting(settings, variable.setter).unwrap_or(variable.default);
            url.replace(&format!("{{{}}}", variable.name), value)
        })
    }

    /// Checks the values of the variables in the URL.
    fn check(&self, settings: &Settings) -> Result<(), String> {
        for variable in self.variables {
            let Some(value) = setting(settings, variable.setter) else { continue };
            let problem = |expected: &str| {
                Err(format!("{}: expected {expected}, found `{}`", variable.setter, value.escape_debug()))
            };
            if !(variable.values.is_empty() || variable.values.contains(&value)) {
                return problem(&format!("one of `{}`", variable.values.join("`, `")));
            }
            if variable.values.is_empty() && !is_contained(self.url, variable, value) {
                return problem("a value that stays in its part of the URL");
            }
        }
        Ok(())
    }
}

/// Returns the value that was set last.
fn setting<'s>(settings: &'s Settings, setter: &str) -> Option<&'s str> {
    settings.iter().rfind(|(known, _)| *known == setter).map(|(_, value)| value.as_str())
}

/// Returns `true` if a value cannot change other parts of a URL: credentials would go to another host. The default shows
/// which delimiters a value may have.
fn is_contained(url: &str, variable: &ServerVariable, value: &str) -> bool {
    let before = url.split(&format!("{{{}}}", variable.name)).next().unwrap_or_default();
    let is_path = before.split_once("://").map_or(before, |(_, rest)| rest).contains('/');
    let is_delimiter =
        |letter: char| "/?#@\\".contains(letter) || letter.is_whitespace() || letter.is_control();
    let is_allowed = |letter: char| letter == '/' && is_path || variable.default.contains(letter);
    !value.chars().any(|letter| is_delimiter(letter) && !is_allowed(letter))
}

/// Returns a URL that may be relative to the base URL.
fn joined(base: &str, url: String) -> String {
    if url.contains("://") {
        return url;
    }
    Url::parse(base).and_then(|base| base.join(&url)).map_or(url, Into::into)
}

//! Servers: that of the base URL, those of single operations, and the variables in their URLs.

use std::collections::BTreeMap;

use super::ident::Scope;
use super::names::{Names, report_number};
use super::{BaseUrl, Name, Planner, Server, ServerId, ServerVariable, Servers};
use crate::ir::{self, Operation};
use crate::passes::markdown::is_absolute;

/// Name of the builder's setter of the base URL.
const BASE_URL: &str = "base_url";

/// Servers of a client, and which of them each operation has.
#[derive(Default)]
pub(super) struct Served {
    pub(super) base_url: BaseUrl,
    pub(super) servers: Servers,
    /// The server of each operation; `None` for that of the base URL alone.
    pub(super) of_operations: Vec<Option<ServerId>>,
}

impl<'a> Planner<'a, '_> {
    /// Plans the servers. The setters of the builder share a scope with those of credentials.
    pub(super) fn servers(&mut self, setters: &mut Scope) -> Served {
        let api = self.api;
        let of_operation =
            |operation: &'a Operation| operation.servers.first().or_else(|| api.servers.first());
        let root = root(api.operations.iter().map(of_operation), api.servers.first());
        let base_url = self.base_url(root);
        let mut namer = Namer { base: root, setters, constants: Names::Constants.scope() };
        let mut servers = Servers::default();
        let mut ids: BTreeMap<Key<'_>, ServerId> = BTreeMap::new();
        let has_variables = |server: &ir::Server| !used_variables(server).is_empty();
        if let Some(root) = root.filter(|root| has_variables(root) && base_url.absolute().is_some()) {
            let server = self.server(root, None, &mut servers.variables, &mut namer);
            servers.list.push(server);
        }
        let mut of_operations = Vec::new();
        for operation in &api.operations {
            let own = of_operation(operation).filter(|own| root.is_none_or(|root| key(root) != key(own)));
            if let Some(own) = own.filter(|own| !ids.contains_key(&key(own))) {
                let setter = namer.server_setter(own, self);
                let server = self.server(own, Some(setter), &mut servers.variables, &mut namer);
                ids.insert(key(own), servers.list.len());
                servers.list.push(server);
            }
            of_operations.push(own.and_then(|own| ids.get(&key(own)).copied()));
        }
        Served { base_url, servers, of_operations }
    }

    fn base_url(&mut self, root: Option<&ir::Server>) -> BaseUrl {
        let Some(server) = root else { return BaseUrl::Unknown };
        let url = server.default_url();
        if self.reports_undeclared(server, "so users have to set the base URL") {
            return BaseUrl::Relative(url);
        }
        if is_absolute(&url) {
            return BaseUrl::Absolute(url);
        }
        let message = format!("the server `{url}` is not an absolute URL, so users have to set the base URL");
        self.warn(&server.source, message);
        BaseUrl::Relative(url)
    }

    /// Warns of a variable that is not declared. Returns `true` if there is one.
    fn reports_undeclared(&mut self, server: &ir::Server, consequence: &str) -> bool {
        let url = server.default_url();
        let is_undeclared = url.contains(['{', '}']);
        if is_undeclared {
            let message = format!("the server `{url}` has a variable that is not declared, {consequence}");
            self.warn(&server.source, message);
        }
        is_undeclared
    }

    fn server(
        &mut self,
        server: &ir::Server,
        setter: Option<Name>,
        variables: &mut Vec<ServerVariable>,
        namer: &mut Namer<'_>,
    ) -> Server {
        let default_url = server.default_url();
        if let Some(setter) = &setter {
            self.reports_undeclared(server, &format!("so users have to set `{}`", setter.plain()));
        }
        if !is_absolute(&default_url) {
            let message = format!(
                "the server `{default_url}` is not an absolute URL, so it is relative to the base URL"
            );
            self.warn(&server.source, message);
        }
        let used = used_variables(server).into_iter().map(|(name, variable)| {
            let same = |known: &ServerVariable| known.wire == *name && known.values == variable.values;
            let id = variables.iter().position(same).unwrap_or_else(|| {
                let setter = namer.setters.snake(name);
                let alone = || Names::Setters.scope().snake(name);
                report_number(&setter, alone, name, &server.source, self.diagnostics);
                let (wire, values, docs) = (name.clone(), variable.values.clone(), variable.docs.clone());
                variables.push(ServerVariable { wire, setter, values, docs, source: server.source.clone() });
                variables.len() - 1
            });
            (id, variable.default.clone())
        });
        let used = used.collect();
        Server {
            constant: namer.constants.shouty(setter.as_ref().map_or(BASE_URL, Name::plain)),
            setter,
            url: server.url.clone(),
            default_url,
            variables: used,
            docs: server.docs.clone(),
            source: server.source.clone(),
        }
    }
}

/// Names servers, each by how its URL differs from that of the base URL.
struct Namer<'s> {
    base: Option<&'s ir::Server>,
    /// Setters of the builder.
    setters: &'s mut Scope,
    /// Constants of servers that calls go to.
    constants: Scope,
}

impl Namer<'_> {
    fn server_setter(&mut self, server: &ir::Server, planner: &mut Planner<'_, '_>) -> Name {
        let wanted = format!("{}-url", name_of(&server.url, self.base.map(|base| base.url.as_str())));
        let setter = self.setters.snake(&wanted);
        let alone = || Names::Setters.scope().snake(&wanted);
        report_number(&setter, alone, &server.url, &server.source, planner.diagnostics);
        setter
    }
}

/// Returns the server of the base URL: that of the root, unless no operation has it. Then it is the server that most
/// have. If an operation has no server, neither has the base URL: credentials go only to declared servers.
fn root<'a>(
    of_operations: impl Iterator<Item = Option<&'a ir::Server>>,
    declared: Option<&'a ir::Server>,
) -> Option<&'a ir::Server> {
    let mut counts: BTreeMap<Key<'_>, (usize, &ir::Server)> = BTreeMap::new();
    for server in of_operations {
        counts.entry(key(server?)).or_insert((0, server?)).0 += 1;
    }
    if let Some(declared) = declared.filter(|server| counts.is_empty() || counts.contains_key(&key(server))) {
        return Some(declared);
    }
    // Of several with the same number, the first by URL.
    let most = counts.into_values().rev().max_by_key(|(count, _)| *count);
    most.map(|(_, server)| server)
}

/// The URL of a server, with and without variables, by which equal servers are found.
type Key<'a> = (&'a str, String);

/// Returns the key of a server. A slash at the end of a URL changes nothing.
fn key(server: &ir::Server) -> Key<'_> {
    (server.url.trim_end_matches('/'), server.default_url().trim_end_matches('/').to_owned())
}

/// Returns the variables that are in the URL.
fn used_variables(server: &ir::Server) -> Vec<(&String, &ir::ServerVariable)> {
    let is_used = |name: &&String| server.url.contains(&format!("{{{name}}}"));
    server.variables.iter().filter(|(name, _)| is_used(name)).collect()
}

/// Names a server by its host or, if the base URL has the same host, by the first part of its URL that differs: path,
/// port or scheme. A new host of the base URL renames no other server.
fn name_of(url: &str, base: Option<&str>) -> String {
    let (parts, base) = (Parts::of(url), base.map(Parts::of).unwrap_or_default());
    if parts == base {
        return "default".to_owned();
    }
    if !parts.host.is_empty() && !parts.host.eq_ignore_ascii_case(base.host) {
        return name_of_host(parts.host);
    }
    if parts.path != base.path {
        return if parts.path.is_empty() { "origin".to_owned() } else { parts.path.to_owned() };
    }
    if parts.port == base.port { parts.scheme.to_owned() } else { format!("port-{}", parts.port) }
}

/// Returns the first label of a host, if possible one before the domain without a variable.
fn name_of_host(host: &str) -> String {
    let labels: Vec<&str> = host.split('.').filter(|label| *label != "www").collect();
    let subdomains = &labels[..labels.len().saturating_sub(2)];
    let is_fixed = |label: &&&str| !label.contains('{');
    let label = subdomains.iter().find(is_fixed).or(subdomains.first()).or(labels.first());
    let label = label.copied().unwrap_or(host);
    if label.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("host-{host}");
    }
    label.to_owned()
}

/// Parts of a URL, which may have variables.
#[derive(Default, PartialEq, Eq)]
struct Parts<'u> {
    scheme: &'u str,
    host: &'u str,
    port: &'u str,
    path: &'u str,
}

impl<'u> Parts<'u> {
    fn of(url: &'u str) -> Self {
        let Some((scheme, rest)) = url.split_once("://") else {
            let path = url.trim_start_matches(['.', '/']).trim_end_matches('/');
            return Self { path, ..Self::default() };
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        Self { scheme, host, port, path: path.trim_end_matches('/') }
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn server_name_is_host_or_what_differs() {
        const BASE: &str = "https://api.example.com/v1";
        for (url, expected) in [
            (BASE, "default"),
            ("https://upload.example.com/v1", "upload"),
            ("https://www.upload.example.com", "upload"),
            ("https://dl.example.net/v1", "dl"),
            ("https://example.com/v1", "example"),
            ("https://api.example.com/v2/", "v2"),
            ("https://API.example.com", "origin"),
            ("http://api.example.com/v1", "http"),
            ("https://api.example.com:8443/v1", "port-8443"),
            ("https://{region}.example.com/v1", "{region}"),
            ("https://{region}.files.example.com/v1", "files"),
            ("https://127.0.0.1/v1", "host-127.0.0.1"),
            ("/v2", "v2"),
            ("./v2/", "v2"),
            ("/", "origin"),
        ] {
            assert_eq!(name_of(url, Some(BASE)), expected, "{url}");
        }
        assert_eq!(name_of("https://api.example.com", None), "api");
    }
}

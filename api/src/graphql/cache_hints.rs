//! How long answers may be kept: the directive by which the schema says so, and the numbers.

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaType, Registry};
use async_graphql::{ContextSelectionSet, Enum, OutputType, Positioned, ServerResult, TypeDirective, Value};

/// Seconds for which beers, breweries, styles and searches may be kept: changes to them are rare, and nobody waits for one.
pub(super) const CATALOGUE: i32 = 60;
/// Seconds for reviews, and for what may be one: their authors look for them.
pub(super) const REVIEWS: i32 = 30;

/// The directive's name.
pub(super) const DIRECTIVE: &str = "cacheControl";

/// Who may keep an answer.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheControlScope {
    /// Every cache.
    Public,
    /// Only the client's own.
    Private,
}

/// How many seconds what it stands at may be kept, and by whom. As in
/// [Apollo Server](https://www.apollographql.com/docs/apollo-server/performance/caching), an answer may be kept as long as its least
/// field; a root field, or one of objects, that says nothing may not be kept at all, unless it inherits from its parent.
#[TypeDirective(name = "cacheControl", location = "FieldDefinition", location = "Object", location = "Interface")]
pub fn cache_control(max_age: Option<i32>, scope: Option<CacheControlScope>, inherit_max_age: Option<bool>) {}

/// Lets connections, edges and page infos inherit from the list that they are of: async-graphql defines them, and offers no place for a
/// directive. So does the node of a search, because its type, a union, cannot have a directive. No type of its own: registered
/// with the schema, after all others.
pub(super) struct RelayTypes;

impl OutputType for RelayTypes {
    fn type_name() -> std::borrow::Cow<'static, str> {
        "RelayTypes".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let inherit = || cache_control::apply(None, None, Some(true));
        for (name, definition) in &mut registry.types {
            let MetaType::Object { fields, directive_invocations, .. } = definition else { continue };
            if name == "PageInfo" || name.ends_with("Connection") || name.ends_with("Edge") {
                directive_invocations.push(inherit());
                let unions = fields.values_mut().filter(|field| field.ty.trim_matches(['[', ']', '!']) == "SearchResult");
                unions.for_each(|field| field.directive_invocations.push(inherit()));
            }
        }
        Self::qualified_type_name()
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::style;
use uuid::Uuid;

use super::{Rejections, Requires, payload, required, run};
use crate::{
    auth::Scope,
    catalog::{
        rules::StyleFields,
        write::{CreateStyle, DeleteStyle, StyleChanges, UpdateStyle},
    },
    graphql::{id::NodeType, types::Style},
};

/// What to create a style of.
#[derive(InputObject)]
pub struct CreateStyleInput {
    /// Its name, unique within its category; at most 200 characters.
    name: String,
    /// The family of styles it belongs to; at most 100 characters.
    category: String,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// What to change of a style. What is left out stays.
#[derive(InputObject)]
pub struct UpdateStyleInput {
    /// The style.
    id: ID,
    /// The `revision` that the change is based on.
    expected_revision: i32,
    /// Its new name.
    name: MaybeUndefined<String>,
    /// Its new category.
    category: MaybeUndefined<String>,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// Which style to delete.
#[derive(InputObject)]
pub struct DeleteStyleInput {
    /// The style.
    id: ID,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of `createStyle`.
    CreateStylePayload {
        /// The new style; null if there were errors.
        style: Style = style::Model => Style::from
    }
}

payload! {
    /// What became of `updateStyle`.
    UpdateStylePayload {
        /// The style as it is now: updated, or after `REVISION_CONFLICT` as somebody else left it. Null after other errors.
        style: Style = style::Model => Style::from
    }
}

payload! {
    /// What became of `deleteStyle`.
    DeleteStylePayload {
        /// The id that is gone; null if there were errors.
        deleted_style_id: ID = Uuid => |id| NodeType::Style.id(id)
    }
}

#[derive(Default)]
pub struct StyleMutation;

#[Object]
impl StyleMutation {
    /// Adds a style. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn create_style(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: CreateStyleInput,
    ) -> Result<CreateStylePayload> {
        let command = CreateStyle(StyleFields { name: input.name, category: input.category });
        Ok(run(ctx, "createStyle", Scope::CatalogWrite, input.idempotency_key, Ok(command)).await?.into())
    }

    /// Changes a style. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn update_style(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: UpdateStyleInput,
    ) -> Result<UpdateStylePayload> {
        let key = input.idempotency_key.clone();
        Ok(run(ctx, "updateStyle", Scope::CatalogWrite, key, input.command()).await?.into())
    }

    /// Removes a style that no beer has. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn delete_style(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: DeleteStyleInput,
    ) -> Result<DeleteStylePayload> {
        let command = NodeType::Style.key_of("id", &input.id).map(DeleteStyle).map_err(Rejections::from);
        Ok(run(ctx, "deleteStyle", Scope::CatalogWrite, input.idempotency_key, command).await?.into())
    }
}

impl UpdateStyleInput {
    fn command(self) -> Result<UpdateStyle, Rejections> {
        let changes = StyleChanges { name: required("name", self.name)?, category: required("category", self.category)? };
        Ok(UpdateStyle { id: NodeType::Style.key_of("id", &self.id)?, expected_revision: self.expected_revision, changes })
    }
}

//! The client's methods, one per operation, and its builder's, one per security scheme.

use crate::market::Market;
use crate::operations::{GetChat, GetChats, SendFileToChat, SendMessageToChat};
use crate::runtime::{
    Api, Client, ClientBuilder, Secret, SecurityKind, SecurityScheme, TokenProvider, Upload,
};

const API: Api = Api {
    base_url: "https://api.partner.market.yandex.ru",
    user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
    dialect: &Market,
};

pub(crate) const O_AUTH: SecurityScheme =
    SecurityScheme { name: "OAuth", setter: "oauth_token", kind: SecurityKind::Bearer };

impl Client {
    /// A builder of clients.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new(&API)
    }

    /// Lists the chats.
    pub fn get_chats(&self, business_id: i64) -> GetChats {
        GetChats::new(self.clone(), business_id)
    }

    /// Gives one chat.
    pub fn get_chat(&self, business_id: i64, chat_id: i64) -> GetChat {
        GetChat::new(self.clone(), business_id, chat_id)
    }

    /// Sends a message.
    pub fn send_message_to_chat(
        &self,
        business_id: i64,
        chat_id: i64,
        message: impl Into<String>,
    ) -> SendMessageToChat {
        SendMessageToChat::new(self.clone(), business_id, chat_id, message.into())
    }

    /// Sends a file.
    pub fn send_file_to_chat(&self, business_id: i64, chat_id: i64, file: Upload) -> SendFileToChat {
        SendFileToChat::new(self.clone(), business_id, chat_id, file)
    }
}

impl ClientBuilder {
    /// The OAuth token.
    pub fn oauth_token(self, token: impl Into<Secret>) -> Self {
        self.credential(&O_AUTH, token)
    }

    /// What gives the tokens of `OAuth`, if they do not last.
    pub fn oauth_token_provider(self, provider: impl TokenProvider) -> Self {
        self.token_provider(&O_AUTH, provider)
    }
}

// The messages, read and written.

use ciborium::value::Value;
use coset::cwt::Timestamp;
use coset::{CborSerializable, CoseKey};
use dcaf::common::scope::Scope;
use dcaf::endpoints::token_req::{AceProfile, ErrorCode, GrantType, TokenType};
use dcaf::{AccessTokenRequest, AccessTokenResponse, AuthServerRequestCreationHint, ErrorResponse};
use serde_json::{json, Map, Value as Json};

use crate::driver::{
    from_base64, key_from_jwk, key_to_jwk, opaque_from_text, opaque_to_text, refused, to_base64, unhex, Answer, Refusal,
};
use crate::members::*;

/// The members that are there. dcaf reports no violations, and refuses unknown members.
fn told(members: Vec<(&str, Option<Json>)>) -> Answer {
    let value: Map<String, Json> = members.into_iter().filter_map(|(name, value)| Some((name.into(), value?))).collect();
    Ok(json!({ "value": value, "violations": null }))
}

pub fn decode(request: &Json) -> Answer {
    match request["message"].as_str().unwrap_or("") {
        "error-response" => {
            let message: ErrorResponse = read(request)?;
            told(vec![
                ("error", Some(code(&ERRORS, message.error.into()))),
                ("error_description", message.description.map(Json::from)),
                ("error_uri", message.uri.map(Json::from)),
            ])
        }
        "token-request" => {
            let message: AccessTokenRequest = read(request)?;
            told(vec![
                ("grant_type", message.grant_type.map(|grant| code(&GRANTS, grant.into()))),
                ("client_id", message.client_id.map(Json::from)),
                ("audience", message.audience.map(Json::from)),
                ("redirect_uri", message.redirect_uri.map(Json::from)),
                ("scope", message.scope.as_ref().map(scope_to_json)),
                ("ace_profile", message.ace_profile.map(|()| Json::Null)),
                ("cnonce", message.client_nonce.map(|bytes| json!(to_base64(&bytes)))),
                ("req_cnf", message.req_cnf.as_ref().map(cnf_to_json).transpose()?),
                ("iss", message.issuer.map(Json::from)),
            ])
        }
        "token-response" => {
            let message: AccessTokenResponse = read(request)?;
            told(vec![
                ("access_token", Some(json!(opaque_to_text(&message.access_token)))),
                ("token_type", message.token_type.map(|token| code(&TOKENS, token.into()))),
                ("expires_in", message.expires_in.map(Json::from)),
                ("scope", message.scope.as_ref().map(scope_to_json)),
                ("refresh_token", message.refresh_token.map(|bytes| json!(opaque_to_text(&bytes)))),
                ("ace_profile", message.ace_profile.map(|profile| code(&PROFILES, profile.into()))),
                ("cnf", message.cnf.as_ref().map(cnf_to_json).transpose()?),
                ("rs_cnf", message.rs_cnf.as_ref().map(cnf_to_json).transpose()?),
                ("iat", message.issued_at.map(|time| match time {
                    Timestamp::WholeSeconds(seconds) => json!(seconds),
                    Timestamp::FractionalSeconds(seconds) => json!(seconds),
                })),
            ])
        }
        "creation-hints" => {
            let message: AuthServerRequestCreationHint = read(request)?;
            told(vec![
                ("AS", message.auth_server.map(Json::from)),
                ("kid", message.kid.map(|bytes| json!(opaque_to_text(&bytes)))),
                ("audience", message.audience.map(Json::from)),
                ("scope", message.scope.as_ref().map(scope_to_json)),
                ("cnonce", message.client_nonce.map(|bytes| json!(to_base64(&bytes)))),
            ])
        }
        "aif" => {
            let data = unhex(&request["hex"])?;
            let item: Value = ciborium::de::from_reader(data.as_slice()).map_err(refused)?;
            let Scope::AifEncoded(scope) = Scope::try_from(item).map_err(refused)? else { return Err(refused("no AIF")) };
            let entries = scope.elements().iter().map(|entry| json!([entry.path, entry.permissions.bits()]));
            Ok(json!({ "value": entries.collect::<Vec<_>>() }))
        }
        "cose-key" => {
            let value = key_to_jwk(&CoseKey::from_slice(&unhex(&request["hex"])?).map_err(refused)?)?;
            Ok(if value.is_null() { json!({}) } else { json!({ "value": value }) })
        }
        _ => Err(Refusal::Unsupported),
    }
}

pub fn encode(request: &Json) -> Answer {
    let value = &request["value"];
    let known = |names: &[&str]| match value.as_object() {
        Some(members) if members.keys().all(|name| names.contains(&name.as_str())) => Ok(()),
        _ => Err(Refusal::Unsupported),
    };
    match request["message"].as_str().unwrap_or("") {
        "error-response" => {
            known(&["error", "error_description", "error_uri"])?;
            write(ErrorResponse {
                error: ErrorCode::from(number(&ERRORS, &value["error"])?),
                description: text(&value["error_description"])?,
                uri: text(&value["error_uri"])?,
            })
        }
        "token-request" => {
            known(&["grant_type", "client_id", "audience", "redirect_uri", "scope", "ace_profile", "cnonce", "req_cnf", "iss"])?;
            let mut message = AccessTokenRequest::default();
            message.grant_type = present(&value["grant_type"], |json| Ok(GrantType::from(number(&GRANTS, json)?)))?;
            message.client_id = text(&value["client_id"])?;
            message.audience = text(&value["audience"])?;
            message.redirect_uri = text(&value["redirect_uri"])?;
            message.scope = present(&value["scope"], scope_from_json)?;
            message.ace_profile = value.get("ace_profile").map(|_| ());
            message.client_nonce = present(&value["cnonce"], from_base64)?;
            message.req_cnf = present(&value["req_cnf"], cnf_from_json)?;
            message.issuer = text(&value["iss"])?;
            write(message)
        }
        "token-response" => {
            known(&["access_token", "token_type", "expires_in", "scope", "refresh_token", "ace_profile", "cnf", "rs_cnf", "iat"])?;
            let mut message = AccessTokenResponse::default();
            message.access_token = opaque_from_text(&value["access_token"])?;
            message.token_type = present(&value["token_type"], |json| Ok(TokenType::from(number(&TOKENS, json)?)))?;
            message.expires_in = present(&value["expires_in"], |json| u32::try_from(json.as_u64().unwrap_or(u64::MAX)).map_err(refused))?;
            message.scope = present(&value["scope"], scope_from_json)?;
            message.refresh_token = present(&value["refresh_token"], opaque_from_text)?;
            message.ace_profile = present(&value["ace_profile"], |json| Ok(AceProfile::from(number(&PROFILES, json)?)))?;
            message.cnf = present(&value["cnf"], cnf_from_json)?;
            message.rs_cnf = present(&value["rs_cnf"], cnf_from_json)?;
            message.issued_at = present(&value["iat"], |json| json.as_i64().map(Timestamp::WholeSeconds).ok_or(Refusal::Unsupported))?;
            write(message)
        }
        "creation-hints" => {
            known(&["AS", "kid", "audience", "scope", "cnonce"])?;
            let mut message = AuthServerRequestCreationHint::default();
            message.auth_server = text(&value["AS"])?;
            message.kid = present(&value["kid"], opaque_from_text)?;
            message.audience = text(&value["audience"])?;
            message.scope = present(&value["scope"], scope_from_json)?;
            message.client_nonce = present(&value["cnonce"], from_base64)?;
            write(message)
        }
        "cose-key" => Ok(json!({ "hex": hex::encode(key_from_jwk(value)?.to_vec().map_err(refused)?) })),
        _ => Err(Refusal::Unsupported),
    }
}

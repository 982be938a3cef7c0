// A codec in Rust: answers JSON requests on lines of standard input with JSON on lines of standard output. The requests come from
// `ace-oauth conformance`, which writes JSON without spaces, so that a template can do without a JSON library. With serde_json,
// take that.

use std::io::{BufRead, Write};

enum Refusal {
    Unsupported,
    #[allow(dead_code)]
    Refused(String),
}

/// The JSON twin of a message. YOUR LIBRARY goes here.
fn decode(message: &str, hex: &str) -> Result<String, Refusal> {
    if message == "error-response" && hex == "a1181e03" {
        return Ok(r#"{"error":"invalid_grant"}"#.into());
    }
    Err(Refusal::Unsupported)
}

/// The CBOR of a message, in hex, that its JSON twin stands for. YOUR LIBRARY goes here.
fn encode(message: &str, value: &str) -> Result<String, Refusal> {
    if message == "error-response" && value == r#"{"error":"invalid_grant"}"# {
        return Ok("a1181e03".into());
    }
    Err(Refusal::Unsupported)
}

/// The text of a member.
fn text<'a>(request: &'a str, name: &str) -> &'a str {
    let start = format!("\"{name}\":\"");
    request.find(&start).map_or("", |at| request[at + start.len()..].split('"').next().unwrap_or(""))
}

/// The object under `value`.
fn value(request: &str) -> &str {
    let start = "\"value\":";
    let Some(at) = request.find(start) else { return "" };
    let rest = &request[at + start.len()..];
    let mut depth = 0;
    for (end, letter) in rest.char_indices() {
        depth += match letter {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 {
            return &rest[..=end];
        }
    }
    ""
}

fn answer(request: &str) -> Result<String, Refusal> {
    let message = text(request, "message");
    match text(request, "op") {
        "describe" => {
            Ok(r#""name":"my-library","version":"0.0.0","inputs":["hex"],"deterministic":false"#.into())
        }
        _ if request.contains("\"options\":") => Err(Refusal::Unsupported),
        "decode" => Ok(format!(r#""value":{},"violations":null,"unknown":null"#, decode(message, text(request, "hex"))?)),
        "encode" => Ok(format!(r#""hex":"{}""#, encode(message, value(request))?)),
        _ => Err(Refusal::Unsupported),
    }
}

fn main() {
    for line in std::io::stdin().lock().lines() {
        let request = line.expect("a line of text");
        let id = text(&request, "id");
        let told = match answer(&request) {
            Ok(members) => format!(r#"{{"id":"{id}","ok":true,{members}}}"#),
            Err(Refusal::Unsupported) => format!(r#"{{"id":"{id}","ok":false,"reason":"unsupported"}}"#),
            Err(Refusal::Refused(why)) => format!(r#"{{"id":"{id}","ok":false,"reason":"refused","message":"{}"}}"#, why.replace(['"', '\\'], "'")),
        };
        println!("{told}");
        std::io::stdout().flush().expect("somebody who reads");
    }
}

// dcaf behind the line protocol: error responses, access token requests and responses, creation hints, AIF, and signed
// access tokens.

mod bench;
#[path = "../../shared/driver.rs"]
mod driver;
mod members;
mod messages;
#[path = "../../shared/signature.rs"]
mod signature;
mod tokens;

use driver::{serve, Refusal};

fn main() {
    serve("dcaf", "0.4.0", |op, request| match op {
        "decode" => messages::decode(request),
        "encode" => messages::encode(request),
        "cose-open" => tokens::open(request),
        "cose-protect" => tokens::protect(request),
        "bench" => bench::bench(request),
        _ => Err(Refusal::Unsupported),
    });
}
